import { launch } from './set-up/launch.mjs'

// Nodes of the local provider are Java programs, fetched by Maven; simulated ones are neither.
const { MILLRACE_PROVIDER: provider, MILLRACE_KAFKA_DIRECTORY: kafkaDirectory } = process.env
const fetching = kafkaDirectory ? [] : ['mvn']
await launch('src/main.ts', { tools: provider === 'simulated' ? [] : ['java', ...fetching], buildsConsole: true })
