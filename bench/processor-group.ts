import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Puts this process, and so all that it starts, into one group for the processors, as a service manager or a container does with a
 * service. Without any, Linux gives each session an equal share ("autogroup"): nodes, which have sessions of their own, then wait for
 * each other's turn, and the priority of a thread counts for nothing outside of its node.
 *
 * Answers in words what stands in the way; undefined: nothing does.
 */
export function joinProcessorGroup(): string | undefined {
  const root = rootOfGroups()
  if (!root) return undefined
  try {
    const group = join(root, `millrace-bench-${process.pid}`)
    if (existsSync(join(root, 'cgroup.subtree_control'))) writeFileSync(join(root, 'cgroup.subtree_control'), '+cpu')
    mkdirSync(group)
    enter(group)
    process.once('exit', () => leave(root, group))
    return undefined
  } catch (thrown) {
    return `Linux shares the processors among sessions here (${String(thrown)}): latencies are worse than in a service or a container.`
  }
}

const enter = (group: string) => writeFileSync(join(group, 'cgroup.procs'), String(process.pid))

function leave(root: string, group: string): void {
  enter(root)
  rmdirSync(group)
}

/** Where groups for the processors are made; undefined: we are in one, or sessions do not count. */
function rootOfGroups(): string | undefined {
  if (readIfThere('/proc/sys/kernel/sched_autogroup_enabled').trim() !== '1') return undefined
  const ours = readIfThere('/proc/self/cgroup').split('\n')
  const controllers = readIfThere('/sys/fs/cgroup/cgroup.controllers').split(/\s/)
  if (controllers.includes('cpu')) return ours.includes('0::/') ? '/sys/fs/cgroup' : undefined
  return ours.some((line) => /^\d+:(cpu|cpu,cpuacct):\/$/.test(line)) ? '/sys/fs/cgroup/cpu' : undefined
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
