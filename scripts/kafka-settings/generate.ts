import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCatalogue } from '../../src/kafka/catalogue.ts'
import { fetchWithMaven, serverJar } from '../../src/kafka/maven-fetch.ts'
import { plainWords } from '../../src/kafka/plain-words.ts'
import { rangeOf, type PrintedSetting } from './from-kafka.ts'

/**
 * Writes `kafka-settings/<version>.json` for every version of `kafka-versions.json`, as Kafka's own code has it: one line a
 * setting. What a setting means is in `documentation.json` once, in the words of the newest version that has it; a version
 * says it itself only where its words are others. Needs a JDK and Maven; jars that the tests have fetched are used again.
 */
const checkout = join(import.meta.dirname, '../..')
const folder = join(checkout, 'kafka-settings')
const jars = process.env['KAFKA_JARS'] ?? join(tmpdir(), '.millrace-test', 'kafka')

type Printed = Record<string, PrintedSetting>

async function settingsOf(version: string): Promise<Printed> {
  const libraries = join(jars, version, 'libs')
  mkdirSync(jars, { recursive: true })
  if (!existsSync(join(libraries, serverJar(version)))) await fetchWithMaven(version, join(jars, version))
  const program = join(import.meta.dirname, 'Settings.java')
  const printed = execFileSync('java', ['-cp', join(libraries, '*'), program], { encoding: 'utf8', maxBuffer: 2 ** 24 })
  // Kafka's own logging may speak first.
  return JSON.parse(printed.slice(printed.indexOf('\n{') + 1 || printed.indexOf('{'))) as Printed
}

/** What is as in most settings is left out, so that a line is what a setting says of itself. */
function lineOf([key, setting]: [string, PrintedSetting], shared: Record<string, string>): string {
  const { type, importance, updateMode } = setting
  const range = rangeOf(setting)
  const documentation = plainWords(setting.documentation)
  const line = {
    type,
    ...(setting.default !== null && { default: setting.default }),
    ...(range && { range }),
    importance,
    updateMode,
    ...(documentation !== shared[key] && { documentation }),
  }
  return `    ${JSON.stringify(key)}: ${JSON.stringify(line)}`
}

const write = (name: string, lines: string[], head = '') =>
  writeFileSync(join(folder, name), `{\n${head}${lines.join(',\n')}\n${head && '  }\n'}}\n`)

const { versions } = readCatalogue(join(checkout, 'kafka-versions.json'))
const shared: Record<string, string> = {}
const byVersion: [string, Printed][] = []
for (const { version } of versions) {
  const printed = await settingsOf(version)
  byVersion.push([version, printed])
  // The catalogue is in order: the newest is last and has the last word.
  for (const [key, { documentation }] of Object.entries(printed)) shared[key] = plainWords(documentation)
}

mkdirSync(folder, { recursive: true })
const documented = Object.entries(shared).toSorted(([one], [other]) => (one < other ? -1 : 1))
const words = documented.map(([key, text]) => `  ${JSON.stringify(key)}: ${JSON.stringify(text)}`)
write('documentation.json', words)
for (const [version, printed] of byVersion) {
  const lines = Object.entries(printed).map((entry) => lineOf(entry, shared))
  write(`${version}.json`, lines, `  "version": ${JSON.stringify(version)},\n  "settings": {\n`)
  console.log(`${version}: ${lines.length} settings`)
}
