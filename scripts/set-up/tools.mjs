import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SetUpError } from './set-up-error.mjs'

const leastJava = 17

/** @typedef {{ name: string, packages: Record<string, string>, isThere: () => boolean }} Tool */

/** @type {Record<string, Tool>} */
const knownTools = {
  java: {
    name: `Java ${leastJava} or later`,
    packages: { 'apt-get': 'openjdk-17-jre-headless', dnf: 'java-21-openjdk-headless', brew: 'openjdk' },
    isThere: () => javaVersion() >= leastJava,
  },
  javac: {
    name: 'a Java compiler',
    packages: { 'apt-get': 'default-jdk-headless', dnf: 'java-21-openjdk-devel', brew: 'openjdk' },
    isThere: () => findInJava('javac') !== undefined,
  },
  mvn: {
    name: 'Maven',
    packages: { 'apt-get': 'maven', dnf: 'maven', brew: 'maven' },
    isThere: () => findOnPath('mvn') !== undefined,
  },
  kcat: {
    name: 'kcat',
    packages: { 'apt-get': 'kcat', dnf: 'kcat', brew: 'kcat' },
    isThere: () => findOnPath('kcat') !== undefined,
  },
  prometheus: {
    name: 'Prometheus',
    packages: { 'apt-get': 'prometheus', dnf: 'golang-github-prometheus', brew: 'prometheus' },
    isThere: () => findOnPath('prometheus') !== undefined,
  },
  chromium: {
    name: 'Chromium',
    packages: { 'apt-get': 'chromium', dnf: 'chromium', brew: '--cask chromium' },
    isThere: () => findOnPath('chromium') !== undefined,
  },
  python: {
    name: 'Python with venv',
    packages: { 'apt-get': 'python3-venv', dnf: 'python3', brew: 'python' },
    isThere: () => spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0,
  },
}

/**
 * Names everything that the machine lacks at once, with the command that installs it.
 *
 * @param {string[]} wanted keys of `knownTools`
 */
export function checkTools(wanted) {
  const missing = wanted.map((key) => /** @type {Tool} */ (knownTools[key])).filter((tool) => !tool.isThere())
  if (missing.length === 0) return
  const names = missing.map((tool) => tool.name).join(' and ')
  const installer = ['apt-get', 'dnf', 'brew'].find((program) => findOnPath(program))
  const packages = installer && missing.map((tool) => tool.packages[installer]).join(' ')
  const prefix = installer === 'brew' || process.getuid?.() === 0 ? '' : 'sudo '
  const advice = installer ? `Install it with:\n\n  ${prefix}${installer} install -y ${packages}` : 'Install it first.'
  throw new SetUpError(
    `Missing on this machine: ${names}. ${installer === 'brew' ? advice.replace(' -y', '') : advice}`,
  )
}

/** The major version, 0 where there is no Java. Starting a JVM takes a while, so the file beside it is read first. */
function javaVersion() {
  const java = findInJava('java')
  if (!java) return 0
  const release = join(realpathSync(java), '../../release')
  const words = existsSync(release) ? readFileSync(release, 'utf8') : askJava(java)
  // 1.8.0_402 is how Java 8 calls itself.
  const [, major] = /(?:JAVA_VERSION=|version )"(?:1\.)?(\d+)/.exec(words) ?? []
  return Number(major ?? 0)
}

/**
 * Of the Java that runs Kafka: `JAVA_HOME` when set, else on the path.
 *
 * @param {string} program
 */
function findInJava(program) {
  const home = process.env['JAVA_HOME']
  if (!home) return findOnPath(program)
  const file = join(home, 'bin', program)
  return existsSync(file) ? file : undefined
}

/** @param {string} java */
function askJava(java) {
  return spawnSync(java, ['-version'], { encoding: 'utf8' }).stderr ?? ''
}

/** @param {string} program */
function findOnPath(program) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find(isProgram)
}

/** @param {string} file */
function isProgram(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
