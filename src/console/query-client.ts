import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { Problem } from './problem.ts'

/** Refusals are final; only silence is worth asking again. */
const isSilence = (error: Error) => !(error instanceof Problem) || error.status >= 502

/** Answers that mean: sign in first. A wrong password is not among them. */
const endings = ['Session.Missing', 'Member.MustChangePassword']

/** `onSignedOut` runs when any answer says that the session is over, so that no page has to look for it. */
export function makeQueryClient(onSignedOut: () => void): QueryClient {
  const look = (error: Error) => {
    if (error instanceof Problem && endings.includes(error.code)) onSignedOut()
  }
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error, query) => query.queryKey[0] !== 'session' && look(error) }),
    mutationCache: new MutationCache({ onError: look }),
    defaultOptions: {
      queries: {
        // The event stream says what changed; until it does, what was read is true.
        staleTime: 30_000,
        retry: (failures, error) => isSilence(error) && failures < 2,
      },
    },
  })
}
