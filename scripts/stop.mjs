import { launch } from './set-up/launch.mjs'

await launch('src/stop.ts', { tools: [], buildsConsole: false })
