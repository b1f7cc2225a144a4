package millrace.plainlogin;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** What SCRAM-SHA-512 keeps of a password (RFC 5802): enough to know it again, and nothing to sign in with. */
record Verifier(byte[] salt, int iterations, byte[] storedKey) {
    private static final int BITS = 512;
    private static final int LEAST_ITERATIONS = 4096;
    private static final int MOST_ITERATIONS = 1_000_000;

    static final Verifier OF_NOBODY = new Verifier(randomBytes(32), LEAST_ITERATIONS, randomBytes(BITS / 8));

    /** From the words of a line after its name; throws where they are anything else. */
    static Verifier parse(String iterations, String salt, String storedKey) {
        Base64.Decoder base64 = Base64.getDecoder();
        Verifier verifier = new Verifier(base64.decode(salt), Integer.parseInt(iterations), base64.decode(storedKey));
        boolean isWhole = verifier.salt.length >= 16
                && verifier.storedKey.length == BITS / 8
                && verifier.iterations >= LEAST_ITERATIONS
                && verifier.iterations <= MOST_ITERATIONS;
        if (!isWhole) throw new IllegalArgumentException("a verifier is too short or out of bounds");
        return verifier;
    }

    boolean fits(char[] password) {
        PBEKeySpec spec = new PBEKeySpec(password, salt, iterations, BITS);
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
            Mac mac = Mac.getInstance("HmacSHA512");
            mac.init(new SecretKeySpec(salted, "HmacSHA512"));
            byte[] clientKey = mac.doFinal("Client Key".getBytes(StandardCharsets.US_ASCII));
            return MessageDigest.isEqual(MessageDigest.getInstance("SHA-512").digest(clientKey), storedKey);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every Java has SHA-512 and PBKDF2", impossible);
        } finally {
            spec.clearPassword();
        }
    }

    private static byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
