import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka's own clients, in one process for many attempts, each a line: what to do, a file of client settings, a topic and a
 * group, between tabs. Each is answered by a line that begins with "=": nothing more where it came about, otherwise why not.
 */
public final class JavaClients {
  private static final int LIMIT_MS = 8_000;

  public static void main(String[] arguments) throws IOException {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      System.out.println("=" + attempt(line.split("\t", -1)));
    }
  }

  private static String attempt(String[] words) {
    try {
      if (words[0].equals("produce")) produce(settingsIn(words[1]), words[2]);
      else consume(settingsIn(words[1]), words[2], words[3]);
      return "";
    } catch (Exception thrown) {
      return explain(thrown);
    }
  }

  private static Properties settingsIn(String path) throws IOException {
    var settings = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of(path))) {
      settings.load(file);
    }
    return settings;
  }

  private static void produce(Properties settings, String topic) throws Exception {
    settings.put("max.block.ms", LIMIT_MS);
    settings.put("delivery.timeout.ms", LIMIT_MS);
    settings.put("request.timeout.ms", 3_000);
    settings.put("linger.ms", 0);
    var strings = new StringSerializer();
    var producer = new KafkaProducer<>(settings, strings, strings);
    try {
      producer.send(new ProducerRecord<>(topic, "one record")).get(2 * LIMIT_MS, TimeUnit.MILLISECONDS);
    } finally {
      producer.close(Duration.ZERO);
    }
  }

  private static void consume(Properties settings, String topic, String group) throws Exception {
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", false);
    var strings = new StringDeserializer();
    try (var consumer = new KafkaConsumer<>(settings, strings, strings)) {
      consumer.subscribe(List.of(topic));
      ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(2 * LIMIT_MS));
      if (records.isEmpty()) throw new IllegalStateException("no record came");
      consumer.commitSync();
    }
  }

  private static String explain(Throwable thrown) {
    if (thrown == null) return "";
    String words = thrown.getClass().getSimpleName() + ": " + thrown.getMessage() + " " + explain(thrown.getCause());
    return words.replace('\n', ' ').trim();
  }
}
