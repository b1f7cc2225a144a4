import { useQueryClient } from '@tanstack/react-query'
import type { Operation } from '../api-types.ts'

/** Reads anew what shows an Operation, after somebody has acted on it. */
export function useRefreshOperation({ operationId, instanceId }: Operation): () => Promise<unknown> {
  const queryClient = useQueryClient()
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['operation', operationId] }),
      queryClient.invalidateQueries({ queryKey: ['operations'] }),
      queryClient.invalidateQueries({ queryKey: ['instance', instanceId] }),
      queryClient.invalidateQueries({ queryKey: ['instances'] }),
    ])
}
