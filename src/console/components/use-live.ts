import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { ChangeEvent } from '../api-types.ts'
import { coalesce, keysOf, openLive, type LiveStatus } from '../live.ts'
import { tellEnd } from './operation-toast.tsx'

const pollMs = 5_000

/** Keeps what is on the page true: by the event stream, and by asking now and then while that is lost. */
export function useLive(): LiveStatus {
  const queryClient = useQueryClient()
  const router = useRouter()
  const [status, setStatus] = useState<LiveStatus>('connecting')

  useEffect(() => {
    const reread = coalesce((key) => void queryClient.invalidateQueries({ queryKey: JSON.parse(key) as string[] }))
    let wasLost = false
    const stop = openLive('/api/v1/events/stream', {
      onChange: (event: ChangeEvent) => {
        for (const key of keysOf(event)) reread.ask(JSON.stringify(key))
        void tellEnd(event, queryClient, router)
      },
      onReload: () => void queryClient.invalidateQueries(),
      onStatus: (next) => {
        if (next === 'live' && wasLost) void queryClient.invalidateQueries()
        wasLost = next === 'lost'
        setStatus(next)
      },
    })
    return () => {
      stop()
      reread.stop()
    }
  }, [queryClient, router])

  usePollingWhile(status === 'lost', queryClient)
  return status
}

function usePollingWhile(isLost: boolean, queryClient: QueryClient) {
  useEffect(() => {
    if (!isLost) return
    const timer = setInterval(() => void queryClient.invalidateQueries(), pollMs)
    return () => clearInterval(timer)
  }, [isLost, queryClient])
}
