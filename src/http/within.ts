import { AppError } from '../domain/errors.ts'

/**
 * What the work answers, or throws `unavailable` (`Request.TooSlow`) after so long: a caller that gives up by itself, as Terraform
 * does after 30 seconds, never learns what became of its request. The work itself goes on unheard.
 */
export async function within<T>(limitMs: number, what: string, work: Promise<T>): Promise<T> {
  const limit = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const message = `${what} took longer than ${limitMs / 1000} seconds. Nothing was changed: try again in a moment.`
    limit.reject(new AppError('unavailable', 'Request.TooSlow', message))
  }, limitMs)
  try {
    return await Promise.race([work, limit.promise])
  } finally {
    clearTimeout(timer)
  }
}
