import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fetchJars } from './maven-fetch.ts'
import { metricsAgentPom } from './maven-pom.ts'

/**
 * The Prometheus JMX exporter that runs inside a node and tells its metrics to this machine. Its rules are read again whenever
 * the file changes, so a new release of Millrace reaches nodes that run.
 */
export type MetricsAgent = { jar: string; rules: string }

const version = '1.0.1'
const jarName = `jmx_prometheus_javaagent-${version}.jar`
const agentFolder = (home: string) => join(home, 'kafka', `jmx-exporter-${version}`)
const jarIn = (home: string) => join(agentFolder(home), 'libs', jarName)
const rulesIn = (home: string) => join(home, 'kafka', 'jmx-exporter.yml')

/** What lies in the home; null: it could not be brought, and nodes start without it. */
export function findMetricsAgent(home: string): MetricsAgent | null {
  const agent = { jar: jarIn(home), rules: rulesIn(home) }
  // The JVM ends the path of an agent at the first equals sign.
  return existsSync(agent.jar) && existsSync(agent.rules) && !agent.jar.includes('=') ? agent : null
}

/** Nobody waits longer for it: nodes serve without it too. */
const longestFetchMs = 120_000

/** A machine without a network would wait anew for every version of Kafka. */
const triedIn = new Set<string>()

/** Brings it unless it is there. Throws `unavailable` with what to do, at the first try of a process alone. */
export async function ensureMetricsAgent(home: string, onProgress: (words: string) => void): Promise<void> {
  if (!existsSync(jarIn(home)) && !triedIn.has(home)) {
    triedIn.add(home)
    onProgress('Fetching the exporter of metrics with Maven')
    const title = `The JMX exporter ${version}`
    const [project, folder] = [{ 'pom.xml': metricsAgentPom(version) }, agentFolder(home)]
    await fetchJars({ title, project, folder, jar: jarName, limitMs: longestFetchMs })
  }
  await mkdir(dirname(rulesIn(home)), { recursive: true })
  await writeFile(rulesIn(home), metricsRules)
}

export const metricsAgentArgument = ({ jar, rules }: MetricsAgent, address: string, port: number): string =>
  `-javaagent:${jar}=${address}:${port}:${rules}`

/**
 * What is asked of a node's MBeans: about a thirtieth of what there is, which costs a node a fiftieth of a second each time.
 * Names are those that the exporter's own example for Kafka gives, so that dashboards made for them work. Sizes of partitions
 * are left out: ten thousand topics would make a hundred thousand lines of them.
 */
const metricsRules = `lowercaseOutputName: true
lowercaseOutputLabelNames: true
includeObjectNames:
  - "kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec,*"
  - "kafka.server:type=BrokerTopicMetrics,name=BytesOutPerSec,*"
  - "kafka.server:type=BrokerTopicMetrics,name=MessagesInPerSec,*"
  - "kafka.server:type=BrokerTopicMetrics,name=FailedProduceRequestsPerSec"
  - "kafka.server:type=BrokerTopicMetrics,name=FailedFetchRequestsPerSec"
  - "kafka.server:type=BrokerTopicMetrics,name=ReplicationBytesInPerSec"
  - "kafka.server:type=BrokerTopicMetrics,name=ReplicationBytesOutPerSec"
  - "kafka.server:type=ReplicaManager,name=*"
  - "kafka.server:type=KafkaServer,name=BrokerState"
  - "kafka.server:type=KafkaRequestHandlerPool,name=RequestHandlerAvgIdlePercent"
  - "kafka.server:type=raft-metrics"
  - "kafka.controller:type=KafkaController,name=*"
  - "kafka.network:type=RequestMetrics,name=RequestsPerSec,request=Produce,*"
  - "kafka.network:type=RequestMetrics,name=RequestsPerSec,request=FetchConsumer,*"
  - "kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Produce"
  - "kafka.network:type=RequestMetrics,name=TotalTimeMs,request=FetchConsumer"
  - "kafka.network:type=SocketServer,name=NetworkProcessorAvgIdlePercent"
  - "kafka.log:type=LogManager,name=OfflineLogDirectoryCount"
rules:
  - pattern: 'kafka.(\\w+)<type=(\\w+), name=(\\w+)PerSec, (\\w+)=(.+), (\\w+)=(.+)><>Count'
    name: kafka_$1_$2_$3_total
    type: COUNTER
    labels: { "$4": "$5", "$6": "$7" }
  - pattern: 'kafka.(\\w+)<type=(\\w+), name=(\\w+)PerSec, (\\w+)=(.+)><>Count'
    name: kafka_$1_$2_$3_total
    type: COUNTER
    labels: { "$4": "$5" }
  - pattern: 'kafka.(\\w+)<type=(\\w+), name=(\\w+)PerSec><>Count'
    name: kafka_$1_$2_$3_total
    type: COUNTER
  - pattern: 'kafka.server<type=KafkaRequestHandlerPool, name=(\\w+)><>OneMinuteRate'
    name: kafka_server_kafkarequesthandlerpool_$1
    type: GAUGE
  - pattern: 'kafka.(\\w+)<type=(\\w+), name=(\\w+), request=(\\w+)><>(\\d+)thPercentile'
    name: kafka_$1_$2_$3
    type: GAUGE
    labels: { request: "$4", quantile: "0.$5" }
  - pattern: 'kafka.(\\w+)<type=(\\w+), name=(\\w+), request=(\\w+)><>Count'
    name: kafka_$1_$2_$3_count
    type: UNTYPED
    labels: { request: "$4" }
  - pattern: 'kafka.(\\w+)<type=(\\w+), name=(\\w+)><>Value'
    name: kafka_$1_$2_$3
    type: GAUGE
  - pattern: 'kafka.server<type=raft-metrics><>(high-watermark|log-end-offset|current-leader|current-epoch|commit-latency-avg)'
    name: kafka_server_raft_metrics_$1
    type: GAUGE
`
