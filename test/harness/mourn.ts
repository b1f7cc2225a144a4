import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { join } from 'node:path'

/**
 * The database of a home and its nodes outlive whoever started them, which is right for Millrace and a nuisance for tests: a run
 * that is killed would leave them. This shell holds the other end of a pipe of ours, sees it close, and then ends what is there.
 */
export function mourn(home: string): Disposable {
  const script = 'cat >/dev/null; exec "$0" "$1" "$2"'
  const args = ['-c', script, process.execPath, join(import.meta.dirname, 'end-home.ts'), home]
  const shell = spawn('sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  shell.unref()
  // A pipe of a child is a socket to Node, though its type does not say so.
  ;(shell.stdin as Socket).unref()
  return { [Symbol.dispose]: () => void shell.kill('SIGKILL') }
}
