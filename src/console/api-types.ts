import type { ApiSchemas } from '../client/client.ts'

/** The shapes of the API document under the names that pages use, and the parts of them that have no name there. */
export type Member = ApiSchemas['Member']
export type Instance = ApiSchemas['Instance']
export type NewInstance = ApiSchemas['NewInstance']
export type CreatePlan = ApiSchemas['CreatePlan']
export type DeletePlan = ApiSchemas['DeletePlan']
export type ChangePlan = ApiSchemas['ChangePlan']
export type ChangeProgress = NonNullable<ApiSchemas['ChangeProgress']>
export type GatePassage = ApiSchemas['GatePassage']
export type UpgradeTarget = ApiSchemas['UpgradeTarget']
export type KnownSetting = ApiSchemas['Setting']
export type EffectiveSetting = ApiSchemas['EffectiveSetting']
export type LossReport = ApiSchemas['LossReport']
export type Node = ApiSchemas['Node']
export type Operation = ApiSchemas['Operation']
export type Endpoint = ApiSchemas['Endpoint']
export type DriftItem = ApiSchemas['DriftItem']
export type Activity = ApiSchemas['Activity']
export type Topic = ApiSchemas['Topic']
export type ListedTopic = ApiSchemas['ListedTopic']
export type Partition = ApiSchemas['Partition']
export type TopicSetting = ApiSchemas['TopicSetting']
export type KafkaUser = ApiSchemas['User']
export type AclBinding = ApiSchemas['AclBinding']
export type ListedGroup = ApiSchemas['ListedConsumerGroup']
export type Group = ApiSchemas['ConsumerGroup']
export type GroupMember = NonNullable<Group['members']>[number]
export type GroupOffset = Group['offsets'][number]
export type ResetPlan = ApiSchemas['OffsetResetPlan']
export type MemberAccount = ApiSchemas['MemberAccount']
export type ServiceAccount = ApiSchemas['ServiceAccount']
export type KeyPair = NonNullable<ApiSchemas['ServiceAccountKeyPair']['keyPair']>
export type AuditEvent = ApiSchemas['AuditEvent']
export type Certificate = ApiSchemas['Certificate']
export type Environment = ApiSchemas['Environment']
export type Version = ApiSchemas['Version']

export type Statistics = NonNullable<Instance['statistics']>
export type Step = NonNullable<Operation['steps']>[number]
export type PlannedStep = Operation['plannedSteps'][number]
export type SubnetUse = Environment['zones'][number]['subnets'][number]

/** One line of the event stream. It carries ids only: what changed is read again. */
export type ChangeEvent = ApiSchemas['Event']
