/**
 * Programs that make a topic, send one message to it and read it back, for each common client. Each works as pasted: its
 * first lines say how to get the client and how to run it. `snippets.test.ts` holds them to the endpoint's own address.
 */
export type Snippet = { label: string; code: string }

export const snippetsFor = (bootstrapServers: string): Snippet[] => [
  { label: 'kcat', code: kcat(bootstrapServers) },
  { label: 'Java', code: java(bootstrapServers) },
  { label: 'Python', code: python(bootstrapServers) },
  { label: 'Node', code: node(bootstrapServers) },
]

/** Sending makes the topic, unless the Instance was told otherwise. */
const kcat = (servers: string) => `# apt install kcat, or brew install kcat
SERVERS=${servers}
echo "hello from kcat" | kcat -P -b $SERVERS -t hello
kcat -C -b $SERVERS -t hello -o beginning -e`

const python = (servers: string) => `# pip install confluent-kafka
from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewTopic

servers = {"bootstrap.servers": "${servers}"}

admin = AdminClient(servers)
if "hello" not in admin.list_topics().topics:
    admin.create_topics([NewTopic("hello", 3, 3)])["hello"].result()

producer = Producer(servers)
producer.produce("hello", "hello from Python")
producer.flush()

consumer = Consumer(servers | {"group.id": "hello-python", "auto.offset.reset": "earliest"})
consumer.subscribe(["hello"])
message = None
while message is None:
    message = consumer.poll(1)
print(message.value().decode())
consumer.close()`

const node = (servers: string) => `// npm install kafkajs, save as hello.mjs, run: node hello.mjs
import { Kafka, logLevel } from 'kafkajs'

const kafka = new Kafka({
  clientId: 'hello-node',
  logLevel: logLevel.ERROR,
  brokers: ${JSON.stringify(servers.split(',')).replaceAll('"', "'").replaceAll(',', ', ')},
})

const admin = kafka.admin()
await admin.connect()
if (!(await admin.listTopics()).includes('hello')) {
  await admin.createTopics({ topics: [{ topic: 'hello', numPartitions: 3, replicationFactor: 3 }] })
}
await admin.disconnect()

const producer = kafka.producer()
await producer.connect()
await producer.send({ topic: 'hello', messages: [{ value: 'hello from Node' }] })
await producer.disconnect()

const consumer = kafka.consumer({ groupId: 'hello-node' })
await consumer.connect()
await consumer.subscribe({ topic: 'hello', fromBeginning: true })
await consumer.run({
  eachMessage: async ({ message }) => {
    console.log(message.value.toString())
    process.exit()
  },
})`

const java = (servers: string) => `// Save as Hello.java. Run with kafka-clients and slf4j-api on the class path:
//   java -cp 'libs/*' Hello.java
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class Hello {
  static final String SERVERS =
      "${servers}";

  public static void main(String[] args) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", SERVERS))) {
      admin.createTopics(List.of(new NewTopic("hello", 3, (short) 3))).all().get();
    } catch (ExecutionException alreadyThere) {
      System.out.println(alreadyThere.getCause().getMessage());
    }

    try (var producer = new KafkaProducer<>(
        Map.of("bootstrap.servers", SERVERS), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("hello", "hello from Java")).get();
    }

    try (var consumer = new KafkaConsumer<>(
        Map.of("bootstrap.servers", SERVERS, "group.id", "hello-java", "auto.offset.reset", "earliest"),
        new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of("hello"));
      var records = consumer.poll(Duration.ofSeconds(1));
      while (records.isEmpty()) records = consumer.poll(Duration.ofSeconds(1));
      records.forEach(record -> System.out.println(record.value()));
    }
  }
}`
