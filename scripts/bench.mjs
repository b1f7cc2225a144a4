import { launch } from './set-up/launch.mjs'

await launch('bench/main.ts', { tools: ['java', 'javac', 'mvn'], buildsConsole: true })
