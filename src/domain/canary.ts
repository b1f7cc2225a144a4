import { AppError } from './errors.ts'

/** Test records that were sent, and those that were acknowledged by all in-sync replicas and read back. */
export type CanaryTally = { sent: number; readBack: number }

/** `unavailable` (`Kafka.CanaryFailed`), with how far it came. */
export class CanaryFailure extends AppError {
  readonly tally: CanaryTally

  constructor(message: string, tally: CanaryTally, cause?: unknown) {
    super('unavailable', 'Kafka.CanaryFailed', message, { cause })
    this.tally = tally
  }
}

export const addTallies = (one: CanaryTally, other: CanaryTally): CanaryTally => ({
  sent: one.sent + other.sent,
  readBack: one.readBack + other.readBack,
})
