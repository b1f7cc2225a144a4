import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api } from './api.ts'
import { paths } from './paths.ts'

/** Ends the session on the server first; whatever it answers, this page forgets everything. */
export function useSignOut(): () => void {
  const queryClient = useQueryClient()
  const navigate = useNavigate()
  return () => {
    void api
      .signOut()
      .catch(() => undefined)
      .then(() => navigate({ to: paths.signIn }))
      .then(() => queryClient.clear())
  }
}
