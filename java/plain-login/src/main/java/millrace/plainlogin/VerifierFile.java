package millrace.plainlogin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifiers by the names of users, read anew whenever the file is another. It is exchanged whole, by a rename. Its first line
 * says how many follow, one line a user: name in base64, iterations, salt, stored key.
 */
final class VerifierFile {
    private static final Logger LOG = LoggerFactory.getLogger(VerifierFile.class);
    private static final Pattern HEAD = Pattern.compile("millrace-verifiers 1 users=(\\d{1,9})");

    private final Path path;
    private volatile Reading last = new Reading("", Map.of());

    private record Reading(String mark, Map<String, Verifier> verifiers) {}

    VerifierFile(Path path) {
        this.path = path;
    }

    /** Empty when it cannot be read as it should: then the log says why, and the next one who signs in tries again. */
    Map<String, Verifier> read() {
        try {
            String mark = mark();
            Reading known = last;
            if (!known.mark.equals(mark)) {
                known = new Reading(mark, parse(Files.readAllLines(path, StandardCharsets.US_ASCII)));
                last = known;
            }
            return known.verifiers;
        } catch (IOException | RuntimeException wrong) {
            LOG.error("Nobody can sign in by PLAIN: {} cannot be read: {}", path, wrong.toString());
            return Map.of();
        }
    }

    /** Differs for every file that takes the place of another. */
    private String mark() throws IOException {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
        return file.fileKey() + " " + file.size() + " " + file.lastModifiedTime();
    }

    private static Map<String, Verifier> parse(List<String> lines) {
        Matcher head = HEAD.matcher(lines.isEmpty() ? "" : lines.get(0));
        if (!head.matches()) throw new IllegalArgumentException("it does not begin as a file of verifiers");
        Map<String, Verifier> verifiers = new HashMap<>();
        for (int index = 1; index < lines.size(); index++) {
            String[] words = lines.get(index).split(" ", -1);
            try {
                if (words.length != 4) throw new IllegalArgumentException("not four words");
                String name = new String(Base64.getDecoder().decode(words[0]), StandardCharsets.UTF_8);
                verifiers.put(name, Verifier.parse(words[1], words[2], words[3]));
            } catch (RuntimeException malformed) {
                // Never the line itself: a log is read by many.
                throw new IllegalArgumentException("line " + (index + 1) + " is malformed");
            }
        }
        if (verifiers.size() != Integer.parseInt(head.group(1))) {
            throw new IllegalArgumentException("it does not hold as many users as it says");
        }
        return Map.copyOf(verifiers);
    }
}
