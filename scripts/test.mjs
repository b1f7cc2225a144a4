import { launch } from './set-up/launch.mjs'

const chosen = process.argv.slice(2)
/** @param {string} group */
const runs = (group) => chosen.length === 0 || chosen.includes(group)

const tools = ['java', 'mvn']
if (runs('kafka')) tools.push('kcat', 'javac', 'prometheus')
if (runs('guards')) tools.push('python')
if (runs('e2e')) tools.push('chromium')
await launch('scripts/run-tests.ts', { tools, buildsConsole: true })
