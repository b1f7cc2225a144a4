/** What the members of a Kafka cluster say of it at one moment: the evidence that `rolling.ts` judges. */
export type Observation = {
  /** For each broker asked: the ids of the brokers it sees, or why it did not answer. */
  views: { kafkaId: number; sees: number[] | null; problem: string | null }[]
  partitions: PartitionState[]
  quorum: { leaderId: number; voters: { kafkaId: number; lag: number }[] } | null
}

export type PartitionState = { topic: string; partition: number; leader: number; replicas: number[]; inSync: number[] }

/** `min.insync.replicas` in force for each topic, internal ones too; a topic that is missing counts as 1. */
export type MinInSync = ReadonlyMap<string, number>
