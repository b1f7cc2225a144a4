package millrace.plainlogin;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.plain.PlainAuthenticateCallback;

/**
 * Says whether a password that came by SASL PLAIN is right, by a file that holds none: the path is the option
 * {@code verifiers} of the JAAS line. Whatever is wrong with the file, nobody comes in.
 */
public final class PlainLoginHandler implements AuthenticateCallbackHandler {
    private volatile VerifierFile file;

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> jaasEntries) {
        Object path = jaasEntries.isEmpty() ? null : jaasEntries.get(0).getOptions().get("verifiers");
        if (path == null) throw new ConfigException("The JAAS line of PLAIN has no option verifiers.");
        file = new VerifierFile(Path.of(path.toString()));
    }

    /** Many threads at once. */
    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        String name = null;
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback nameCallback) {
                name = nameCallback.getDefaultName();
            } else if (callback instanceof PlainAuthenticateCallback plain) {
                plain.authenticated(isRight(name, plain.password()));
            } else {
                throw new UnsupportedCallbackException(callback);
            }
        }
    }

    /** A name that nobody has costs the same work, so that the time of an answer tells nothing of who is there. */
    private boolean isRight(String name, char[] password) {
        if (name == null || password == null) return false;
        Verifier verifier = file.read().get(name);
        boolean fits = (verifier == null ? Verifier.OF_NOBODY : verifier).fits(password);
        return verifier != null && fits;
    }

    @Override
    public void close() {}
}
