import { launch } from './set-up/launch.mjs'

await launch('scripts/verify.ts', { tools: [], buildsConsole: false })
