/** How sizes, counts and times read, in one place. Everything here is pure: the moment "now" comes in. */
const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** 1536 → "1.5 KiB"; one decimal under 10, none above. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  const amount = bytes / 1024 ** power
  const digits = power > 0 && amount < 10 ? 1 : 0
  return `${amount.toFixed(digits).replace(/\.0$/, '')} ${units[power]}`
}

export const formatMib = (mib: number): string => formatBytes(mib * 1024 ** 2)

export const formatCount = (count: number): string => count.toLocaleString('en')

/** 0.4, 3.2, 41: so many a second. */
export const formatRate = (count: number): string => formatCount(Number(count.toFixed(count < 10 ? 1 : 0)))

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** At most two units: "850 ms", "3.2 s", "42 s", "2 min 5 s", "3 h 20 min", "12 d 4 h". */
export function formatDuration(milliseconds: number): string {
  const ms = Math.max(0, milliseconds)
  if (ms < second) return `${Math.round(ms)} ms`
  if (ms < 10 * second) return `${(ms / second).toFixed(1).replace(/\.0$/, '')} s`
  if (ms < minute) return `${Math.floor(ms / second)} s`
  if (ms < hour) return twoUnits(ms, [minute, 'min'], [second, 's'])
  if (ms < day) return twoUnits(ms, [hour, 'h'], [minute, 'min'])
  return twoUnits(ms, [day, 'd'], [hour, 'h'])
}

function twoUnits(ms: number, [large, largeName]: [number, string], [small, smallName]: [number, string]): string {
  const rest = Math.floor((ms % large) / small)
  const whole = `${Math.floor(ms / large)} ${largeName}`
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`
}

/** "just now", "40 s ago", "5 min ago", "3 h ago", "2 d ago"; past a month the date itself. */
export function formatAgo(at: string, now: number): string {
  const passed = now - Date.parse(at)
  if (passed < 5 * second) return 'just now'
  if (passed < minute) return `${Math.floor(passed / second)} s ago`
  if (passed < hour) return `${Math.floor(passed / minute)} min ago`
  if (passed < day) return `${Math.floor(passed / hour)} h ago`
  if (passed < 30 * day) return `${Math.floor(passed / day)} d ago`
  return new Date(at).toISOString().slice(0, 10)
}

/** The moment itself, in the reader's own zone: "22 Nov 2026, 21:54:07 GMT+1". */
export const formatMoment = (at: string): string =>
  new Date(at).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  })
