/**
 * How a node logs: to one file of its own, rolled by size, never more than about 60 MiB in all. Nothing goes to the
 * standard output, so that what the JVM itself says there stays short. Kafka 3.x reads log4j 1 settings, 4.x log4j 2.
 */
export type LoggingGeneration = 'log4j1' | 'log4j2'

/** The system property that tells a node's log folder to both generations. */
export const logFolderProperty = 'millrace.log'

export const loggingConfigs: Record<LoggingGeneration, { fileName: string; property: string; text: string }> = {
  log4j1: {
    fileName: 'log4j.properties',
    property: 'log4j.configuration',
    text: `log4j.rootLogger=INFO, file
log4j.appender.file=org.apache.log4j.RollingFileAppender
log4j.appender.file.File=\${${logFolderProperty}}/server.log
log4j.appender.file.MaxFileSize=10MB
log4j.appender.file.MaxBackupIndex=5
log4j.appender.file.layout=org.apache.log4j.PatternLayout
log4j.appender.file.layout.ConversionPattern=[%d] %p %m (%c)%n
`,
  },
  log4j2: {
    fileName: 'log4j2.properties',
    property: 'log4j2.configurationFile',
    text: `status=error
appender.file.type=RollingFile
appender.file.name=file
appender.file.fileName=\${sys:${logFolderProperty}}/server.log
appender.file.filePattern=\${sys:${logFolderProperty}}/server.log.%i
appender.file.layout.type=PatternLayout
appender.file.layout.pattern=[%d] %p %m (%c)%n
appender.file.policies.type=Policies
appender.file.policies.size.type=SizeBasedTriggeringPolicy
appender.file.policies.size.size=10MB
appender.file.strategy.type=DefaultRolloverStrategy
appender.file.strategy.max=5
rootLogger.level=INFO
rootLogger.appenderRef.file.ref=file
`,
  },
}
