/**
 * The Maven project whose run-time dependencies are one Kafka version: the server and its command-line tools without
 * Connect. Kafka 3.x brings a logging backend by itself; 4.x leaves the choice to us.
 */
export const mavenPom = (version: string): string =>
  pomOf('kafka-runtime', [...kafkaDependencies(version), ...loggingDependencies(version)])

/** The Prometheus exporter for a JVM's own metrics: one jar with all it needs. */
export const metricsAgentPom = (version: string): string =>
  pomOf('jmx-exporter', [{ group: 'io.prometheus.jmx', artifact: 'jmx_prometheus_javaagent', version }])

function pomOf(artifact: string, dependencies: Dependency[]): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>millrace</groupId>
  <artifactId>${artifact}</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
${dependencies.map(dependencyElement).join('')}  </dependencies>
</project>
`
}

type Dependency = { group: string; artifact: string; version: string; without?: string[] }

function kafkaDependencies(version: string): Dependency[] {
  const group = 'org.apache.kafka'
  return [
    { group, artifact: 'kafka_2.13', version },
    { group, artifact: 'kafka-tools', version, without: ['connect-runtime', 'connect-api'] },
  ]
}

function loggingDependencies(version: string): Dependency[] {
  if (version.startsWith('3.')) return [{ group: 'org.slf4j', artifact: 'slf4j-reload4j', version: '1.7.36' }]
  // The binding for slf4j 1.7, which Kafka 4.x carries; log4j-slf4j2-impl would not be found by it.
  return ['log4j-slf4j-impl', 'log4j-core', 'log4j-api'].map((artifact) => {
    return { group: 'org.apache.logging.log4j', artifact, version: '2.25.4' }
  })
}

function dependencyElement({ group, artifact, version, without = [] }: Dependency): string {
  const exclusions = without.map(
    (name) => `<exclusion><groupId>${group}</groupId><artifactId>${name}</artifactId></exclusion>`,
  )
  const excluded = exclusions.length > 0 ? `<exclusions>${exclusions.join('')}</exclusions>` : ''
  return `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${excluded}</dependency>\n`
}
