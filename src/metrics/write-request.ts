import type { MetricLabel } from '../domain/metrics-exporter.ts'

/**
 * The message of Prometheus remote write 1.0, in protocol buffers: `WriteRequest { repeated TimeSeries timeseries = 1 }`,
 * `TimeSeries { repeated Label labels = 1; repeated Sample samples = 2 }`, `Label { string name = 1; string value = 2 }`,
 * `Sample { double value = 1; int64 timestamp = 2 }`. Messages that are laid end to end are one message with all they hold.
 */
export type Series = {
  /** In order of names. */
  labels: MetricLabel[]
  value: number
  /** Milliseconds since 1970. */
  timestampMs: number
}

export const encodeSeries = (series: Series[]): Buffer => Buffer.concat(series.map((one) => field(1, timeSeries(one))))

const timeSeries = ({ labels, value, timestampMs }: Series): Buffer =>
  Buffer.concat([...labels.map((one) => field(1, label(one))), field(2, sample(value, timestampMs))])

const label = ({ name, value }: MetricLabel): Buffer =>
  Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])

const lengthDelimited = 2
const fixed64 = 1
const varintType = 0

function sample(value: number, timestampMs: number): Buffer {
  const double = Buffer.alloc(8)
  double.writeDoubleLE(value)
  return Buffer.concat([key(1, fixed64), double, key(2, varintType), varint(timestampMs)])
}

const key = (number: number, type: number): Buffer => Buffer.from([(number << 3) | type])

const field = (number: number, bytes: Buffer): Buffer =>
  Buffer.concat([key(number, lengthDelimited), varint(bytes.length), bytes])

/** Division, because times in milliseconds do not fit the 32 bits of a shift. */
function varint(whole: number): Buffer {
  const bytes: number[] = []
  let left = whole
  while (left >= 128) {
    bytes.push((left % 128) + 128)
    left = Math.floor(left / 128)
  }
  return Buffer.from([...bytes, left])
}
