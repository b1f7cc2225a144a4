import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.server.config.AbstractKafkaConfig;

/** Prints, as JSON, every setting that this Kafka's broker knows. Run with the Kafka version's jars on the class path. */
public class Settings {
    public static void main(String[] arguments) throws Exception {
        Map<String, String> updateModes = updateModes();
        Map<String, Object> settings = new TreeMap<>();
        for (ConfigDef.ConfigKey key : AbstractKafkaConfig.CONFIG_DEF.configKeys().values()) {
            settings.put(key.name, describe(key, updateModes.getOrDefault(key.name, "read-only")));
        }
        System.out.println(new ObjectMapper().writeValueAsString(settings));
    }

    private static Map<String, Object> describe(ConfigDef.ConfigKey key, String updateMode) {
        Map<String, Object> setting = new LinkedHashMap<>();
        setting.put("type", key.type.toString().toLowerCase());
        setting.put("default", key.hasDefault() ? ConfigDef.convertToString(key.defaultValue, key.type) : null);
        setting.put("validator", key.validator == null ? null : key.validator.getClass().getSimpleName());
        setting.put("range", key.validator == null ? null : key.validator.toString());
        setting.put("importance", key.importance.toString().toLowerCase());
        setting.put("updateMode", updateMode);
        setting.put("documentation", key.documentation);
        return setting;
    }

    /** In Scala up to some 4.x, in Java after. */
    @SuppressWarnings("unchecked")
    private static Map<String, String> updateModes() throws Exception {
        try {
            Class<?> java = Class.forName("org.apache.kafka.server.config.DynamicBrokerConfig");
            return (Map<String, String>) java.getMethod("dynamicConfigUpdateModes").invoke(null);
        } catch (ClassNotFoundException olderKafka) {
            Class<?> scala = Class.forName("kafka.server.DynamicBrokerConfig$");
            Object module = scala.getField("MODULE$").get(null);
            return (Map<String, String>) scala.getMethod("dynamicConfigUpdateModes").invoke(module);
        }
    }
}
