import { QueryCache, QueryClient } from '@tanstack/react-query'
import { Problem } from './problem.ts'

/** Refusals are final; only silence is worth asking again. */
const isSilence = (error: Error) => !(error instanceof Problem) || error.status >= 502

/** `onSignedOut` runs when any answer says that the session is over, so that no page has to look for it. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (query.queryKey[0] === 'session' || !(error instanceof Problem)) return
        if (error.status === 401 || error.code === 'Member.MustChangePassword') onSignedOut()
      },
    }),
    defaultOptions: {
      queries: {
        // The event stream says what changed; until it does, what was read is true.
        staleTime: 30_000,
        retry: (failures, error) => isSilence(error) && failures < 2,
      },
    },
  })
}
