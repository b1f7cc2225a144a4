import { execFile, spawnSync } from 'node:child_process'
import { chown, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/**
 * As whom the programs of PostgreSQL run: they refuse to be root. An ordinary user runs them as itself. For root they run
 * as `nobody`, and where `nobody` cannot enter a folder on the way (a home or a checkout below a closed one), with the one
 * capability that walks through closed folders added, by setpriv of util-linux.
 */
export type RunAs = {
  command(program: string, args: string[]): { file: string; args: string[]; uid?: number; gid?: number }
  /** Makes a folder the user's own. */
  give(folder: string): Promise<void>
  uid: number
}

const asOurselves: RunAs = {
  command: (file, args) => ({ file, args }),
  give: async () => {},
  uid: process.getuid?.() ?? -1,
}

/** `paths`: what the user must be able to reach. */
export async function chooseUser(paths: string[]): Promise<RunAs> {
  if (process.getuid?.() !== 0) return asOurselves
  const [uid, gid] = [await idOf('-u'), await idOf('-g')]
  const give = (folder: string) => chown(folder, uid, gid)
  if (paths.every((path) => canReach(path, { uid, gid }))) {
    return { command: (file, args) => ({ file, args, uid, gid }), give, uid }
  }
  const prefix = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    // Else access(2), with which PostgreSQL looks for its own programs, takes no notice of capabilities.
    '--securebits=+no_setuid_fixup',
    ...(await passingCapability(paths)),
    '--',
  ]
  return { command: (file, args) => ({ file: 'setpriv', args: [...prefix, file, ...args] }), give, uid }
}

/** The kernel is asked, not the modes: there may be access lists. */
function canReach(path: string, user: { uid: number; gid: number }): boolean {
  return spawnSync('test', ['-x', path], { ...user, cwd: '/' }).status === 0
}

async function idOf(option: '-u' | '-g'): Promise<number> {
  const { stdout } = await promisify(execFile)('id', [option, 'nobody'])
  return Number(stdout)
}

/** As <linux/capability.h> numbers them. The gentler comes first; containers often allow only the other. */
const capabilities = { dac_read_search: 2n, dac_override: 1n }

async function passingCapability(paths: string[]): Promise<string[]> {
  const held = process.platform === 'linux' ? await heldCapabilities() : 0n
  const [name] = Object.entries(capabilities).find(([, bit]) => held & (1n << bit)) ?? []
  const hasSetpriv = spawnSync('setpriv', ['--version']).status === 0
  if (name && hasSetpriv) return ['--inh-caps', '--ambient-caps'].map((option) => `${option}=-all,+${name}`)
  throw new Error(
    'PostgreSQL does not run as root, and the user nobody cannot enter the folders on the way to ' +
      `${paths.join(' and ')}. Start Millrace as an ordinary user, open those folders (chmod o+x), ` +
      'set MILLRACE_HOME to another, install setpriv (Debian: apt-get install util-linux), or set DATABASE_URL.',
  )
}

async function heldCapabilities(): Promise<bigint> {
  const status = await readFile('/proc/self/status', 'utf8')
  const of = (field: string) => BigInt(`0x${new RegExp(`^${field}:\\s*(\\w+)`, 'm').exec(status)?.[1] ?? '0'}`)
  return of('CapPrm') & of('CapBnd')
}
