import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Keeps books on a cluster that is being changed: Kafka's own producer sends numbered records at a steady rate, Kafka's own
 * consumer group reads along, both with default settings (acks=all, idempotent). In the end every number that was
 * acknowledged must have been read exactly once and in order, by the group and by one more reading of the whole log.
 *
 * Speaks lines of JSON: `ready` once records flow; for each `mark <window>` on its input `marked`; for `end` the `report`. When
 * its input ends without a word it ends at once, so that it never outlives who started it.
 */
public final class Ledger {
  public static void main(String[] arguments) throws Exception {
    PrintStream lines = System.out;
    ObjectMapper json = new ObjectMapper();
    // Kafka's logging would write between the lines.
    System.setOut(System.err);
    Options options = Options.parse(arguments);
    Map<TopicPartition, Long> begin = new Topic(options).create();
    Book book = new Book(options.partitions());
    Sender sender = new Sender(options, book);
    GroupReader reader = new GroupReader(options, new Audit(options.partitions()));
    sender.start();
    reader.start();
    reader.firstRecord.await();
    lines.println(json.writeValueAsString(Map.of("kind", "ready")));

    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
    for (String command; !"end".equals(command = commands.readLine()); ) {
      if (command == null) Runtime.getRuntime().halt(2);
      sender.window = command.replaceFirst("^mark ", "");
      lines.println(json.writeValueAsString(Map.of("kind", "marked", "window", sender.window)));
    }
    sender.end();
    reader.readTo(book);
    Audit log = Audit.ofWholeLog(options, begin);
    lines.println(json.writeValueAsString(report(book, sender, reader, log)));
    System.exit(0);
  }

  private static Map<String, Object> report(Book book, Sender sender, GroupReader reader, Audit log) {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("kind", "report");
    report.put("sent", book.sent());
    report.put("acked", book.acked());
    report.put("failed", book.failed);
    report.put("firstFailure", book.firstFailure);
    report.put("readerFailure", reader.failure);
    report.put("group", reader.audit.judge(book));
    report.put("log", log.judge(book));
    report.put("longestAckGapMs", book.longestAckGapNanos / 1e6);
    report.put("longestReadGapMs", reader.longestGapNanos / 1e6);
    report.put("slowestReadMs", reader.audit.slowestMs);
    report.put("send", sender.timings.whole());
    report.put("windows", sender.timings.windows());
    return report;
  }
}

record Options(
    String bootstrapServers, String topic, int partitions, int perSecond, int preloadMib, Properties security) {
  static Options parse(String[] arguments) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (int at = 0; at + 1 < arguments.length; at += 2) given.put(arguments[at], arguments[at + 1]);
    return new Options(
        given.get("--bootstrap-servers"),
        given.get("--topic"),
        Integer.parseInt(given.get("--partitions")),
        Integer.parseInt(given.get("--per-second")),
        Integer.parseInt(given.getOrDefault("--preload-mib", "0")),
        propertiesIn(given.get("--client-properties")));
  }

  private static Properties propertiesIn(String path) throws IOException {
    Properties properties = new Properties();
    if (path != null) {
      try (Reader file = Files.newBufferedReader(Path.of(path))) {
        properties.load(file);
      }
    }
    return properties;
  }

  Map<String, Object> client(String name) {
    Map<String, Object> client = new HashMap<>();
    security.forEach((key, value) -> client.put((String) key, value));
    client.putAll(Map.of("bootstrap.servers", bootstrapServers, "client.id", "ledger-" + name));
    return client;
  }

  String group() {
    return topic + "-readers";
  }

  List<TopicPartition> all() {
    return IntStream.range(0, partitions).mapToObj(number -> new TopicPartition(topic, number)).toList();
  }
}

/** Three replicas, two of them in sync at least, as a team would have it. */
final class Topic {
  private static final int RECORD_BYTES = 64 * 1024;
  private final Options options;

  Topic(Options options) {
    this.options = options;
  }

  /** Makes and fills it. Where the numbered records begin; the group's offsets stand there too. */
  Map<TopicPartition, Long> create() throws Exception {
    try (Admin admin = Admin.create(options.client("admin"))) {
      NewTopic topic = new NewTopic(options.topic(), options.partitions(), (short) 3);
      admin.createTopics(List.of(topic.configs(Map.of("min.insync.replicas", "2")))).all().get();
      awaitLeaders(admin);
      if (options.preloadMib() > 0) preload();
      return placeGroup(admin);
    }
  }

  /**
   * A broker hears of a new topic a moment after it was made. A producer that is there before has its first batch refused and the
   * next ones accepted, and then repeats the first one in vain.
   */
  private void awaitLeaders(Admin admin) throws Exception {
    for (long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30); ; Thread.sleep(100)) {
      try {
        ends(admin);
        return;
      } catch (ExecutionException thrown) {
        if (!(thrown.getCause() instanceof RetriableException) || System.nanoTime() > deadline) throw thrown;
      }
    }
  }

  private Map<TopicPartition, Long> ends(Admin admin) throws Exception {
    var latest = options.all().stream().collect(Collectors.toMap(partition -> partition, any -> OffsetSpec.latest()));
    Map<TopicPartition, Long> ends = new HashMap<>();
    admin.listOffsets(latest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
    return ends;
  }

  private Map<TopicPartition, Long> placeGroup(Admin admin) throws Exception {
    Map<TopicPartition, Long> begin = ends(admin);
    Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    begin.forEach((partition, offset) -> committed.put(partition, new OffsetAndMetadata(offset)));
    admin.alterConsumerGroupOffsets(options.group(), committed).all().get();
    return begin;
  }

  private void preload() throws Exception {
    var bytes = new ByteArraySerializer();
    var trouble = new AtomicReference<Exception>();
    try (var producer = new KafkaProducer<>(options.client("preload"), bytes, bytes)) {
      long records = options.preloadMib() * 1024L * 1024L / RECORD_BYTES;
      byte[] value = new byte[RECORD_BYTES];
      for (long number = 0; number < records; number++) {
        var record = new ProducerRecord<byte[], byte[]>(options.topic(), (int) (number % options.partitions()), null, value);
        producer.send(record, (written, failure) -> trouble.compareAndSet(null, failure));
      }
    }
    if (trouble.get() != null) throw trouble.get();
  }
}

/** What was sent, partition by partition, and what came of it. Numbers of a partition count from 0. */
final class Book {
  final BitSet[] acked;
  final long[] lastAckedOffset;
  private final int[] next;
  long failed;
  String firstFailure;
  long longestAckGapNanos;
  private long lastAckAt;

  Book(int partitions) {
    next = new int[partitions];
    acked = new BitSet[partitions];
    Arrays.setAll(acked, any -> new BitSet());
    lastAckedOffset = new long[partitions];
    Arrays.fill(lastAckedOffset, -1);
  }

  synchronized int number(int partition) {
    return next[partition]++;
  }

  synchronized void acknowledge(int partition, int number, long offset) {
    long now = System.nanoTime();
    if (lastAckAt != 0) longestAckGapNanos = Math.max(longestAckGapNanos, now - lastAckAt);
    lastAckAt = now;
    acked[partition].set(number);
    lastAckedOffset[partition] = Math.max(lastAckedOffset[partition], offset);
  }

  synchronized void fail(Exception failure) {
    failed++;
    if (firstFailure == null) firstFailure = failure.toString();
  }

  synchronized long sent() {
    return Arrays.stream(next).sum();
  }

  synchronized long acked() {
    return Arrays.stream(acked).mapToLong(BitSet::cardinality).sum();
  }
}

/**
 * Sends when a record is due, and measures from then to its acknowledgement: a cluster that stands still is not spared the
 * records of that time.
 */
final class Sender extends Thread {
  final Timings timings = new Timings();
  volatile String window = "start";
  private volatile boolean isEnding;
  private final Options options;
  private final Book book;
  private final KafkaProducer<String, String> producer;

  Sender(Options options, Book book) {
    super("sender");
    this.options = options;
    this.book = book;
    producer = new KafkaProducer<>(options.client("producer"), new StringSerializer(), new StringSerializer());
  }

  @Override
  public void run() {
    long begun = System.nanoTime();
    for (long count = 0; !isEnding; count++) {
      long due = begun + count * TimeUnit.SECONDS.toNanos(1) / options.perSecond();
      for (long left; (left = due - System.nanoTime()) > 0; ) LockSupport.parkNanos(left);
      send((int) (count % options.partitions()), due);
    }
  }

  private void send(int partition, long due) {
    int number = book.number(partition);
    String dueIn = window;
    String value = number + " " + System.currentTimeMillis();
    try {
      producer.send(new ProducerRecord<>(options.topic(), partition, null, value), (written, failure) -> {
        if (failure != null) {
          book.fail(failure);
          return;
        }
        book.acknowledge(partition, number, written.offset());
        timings.add(dueIn, System.nanoTime() - due);
      });
    } catch (RuntimeException failure) {
      book.fail(failure);
    }
  }

  /** Every record is acknowledged or failed when it returns. */
  void end() throws InterruptedException {
    isEnding = true;
    join();
    producer.close();
  }
}

/** Reads along as a member of a group. */
final class GroupReader extends Thread {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  final Audit audit;
  final CountDownLatch firstRecord = new CountDownLatch(1);
  volatile String failure;
  volatile long longestGapNanos;
  private volatile Book whole;
  private final Options options;

  GroupReader(Options options, Audit audit) {
    super("reader");
    this.options = options;
    this.audit = audit;
  }

  @Override
  public void run() {
    var settings = options.client("consumer");
    settings.put("group.id", options.group());
    try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(options.topic()));
      long lastAt = 0;
      while (whole == null || !audit.hasReached(whole)) {
        var records = consumer.poll(Duration.ofMillis(100));
        if (records.isEmpty()) continue;
        long now = System.nanoTime();
        if (lastAt != 0) longestGapNanos = Math.max(longestGapNanos, now - lastAt);
        lastAt = now;
        records.forEach(audit::read);
        firstRecord.countDown();
      }
    } catch (RuntimeException thrown) {
      failure = thrown.toString();
      firstRecord.countDown();
    }
  }

  /** To the last record that was acknowledged, unless that takes too long: then the audit says what is missing. */
  void readTo(Book book) throws InterruptedException {
    whole = book;
    join(LIMIT.toMillis());
    if (isAlive()) failure = "the group did not read to the end within " + LIMIT.toSeconds() + " s";
  }
}

/** What one reader saw. A number at two offsets is doubled in the log; one offset twice was redelivered to the reader. */
final class Audit {
  private final BitSet[] seen;
  private final int[] highest;
  private final long[] nextOffset;
  private long records;
  private long duplicated;
  private long redelivered;
  private long reordered;
  long slowestMs;

  Audit(int partitions) {
    seen = new BitSet[partitions];
    Arrays.setAll(seen, any -> new BitSet());
    highest = new int[partitions];
    Arrays.fill(highest, -1);
    nextOffset = new long[partitions];
  }

  static Audit ofWholeLog(Options options, Map<TopicPartition, Long> begin) {
    Audit audit = new Audit(options.partitions());
    var text = new StringDeserializer();
    try (var consumer = new KafkaConsumer<>(options.client("auditor"), text, text)) {
      consumer.assign(options.all());
      begin.forEach(consumer::seek);
      var ends = consumer.endOffsets(options.all());
      while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(audit::read);
      }
    }
    return audit;
  }

  synchronized void read(ConsumerRecord<String, String> record) {
    int partition = record.partition();
    String[] words = record.value().split(" ");
    int number = Integer.parseInt(words[0]);
    records++;
    slowestMs = Math.max(slowestMs, System.currentTimeMillis() - Long.parseLong(words[1]));
    if (record.offset() < nextOffset[partition]) redelivered++;
    else if (seen[partition].get(number)) duplicated++;
    else if (number < highest[partition]) reordered++;
    seen[partition].set(number);
    highest[partition] = Math.max(highest[partition], number);
    nextOffset[partition] = Math.max(nextOffset[partition], record.offset() + 1);
  }

  synchronized boolean hasReached(Book book) {
    return IntStream.range(0, seen.length).allMatch(at -> nextOffset[at] > book.lastAckedOffset[at]);
  }

  synchronized Map<String, Object> judge(Book book) {
    long lost = 0;
    for (int partition = 0; partition < seen.length; partition++) {
      BitSet missing = (BitSet) book.acked[partition].clone();
      missing.andNot(seen[partition]);
      lost += missing.cardinality();
    }
    Map<String, Object> judgement = new LinkedHashMap<>();
    judgement.put("records", records);
    judgement.put("lost", lost);
    judgement.put("duplicated", duplicated);
    judgement.put("redelivered", redelivered);
    judgement.put("reordered", reordered);
    return judgement;
  }
}

/** Times of acknowledged records, by the window in which they were due. */
final class Timings {
  private final Map<String, List<Long>> nanos = new LinkedHashMap<>();

  synchronized void add(String window, long took) {
    nanos.computeIfAbsent(window, any -> new ArrayList<>()).add(took);
  }

  synchronized Map<String, Object> windows() {
    Map<String, Object> windows = new LinkedHashMap<>();
    nanos.forEach((name, times) -> windows.put(name, figures(times.stream())));
    return windows;
  }

  synchronized Map<String, Object> whole() {
    return figures(nanos.values().stream().flatMap(List::stream));
  }

  private static Map<String, Object> figures(Stream<Long> nanos) {
    long[] sorted = nanos.mapToLong(Long::longValue).sorted().toArray();
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("records", sorted.length);
    figures.put("p50Ms", at(sorted, 0.5));
    figures.put("p99Ms", at(sorted, 0.99));
    figures.put("maxMs", at(sorted, 1));
    return figures;
  }

  private static Double at(long[] sorted, double share) {
    if (sorted.length == 0) return null;
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)] / 1e6;
  }
}
