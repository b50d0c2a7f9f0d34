import { resolve } from 'node:path';
import { InvalidError } from '../errors/app-error.ts';
import type { SettingVariable } from './setting-variables.ts';
import { settingVariables } from './setting-variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment says, read once at start. All paths are absolute. */
export type Settings = ReturnType<typeof readSettings>;

/**
 * Reads the environment. Unset and empty variables take their defaults; unknown ones are none of our business.
 * @throws InvalidError `setting_invalid`: one sentence for each variable that cannot be used, no secret among them.
 */
export function readSettings(env: Environment) {
  const values = parseAll(env);
  const dataDir = resolve(values.DATA_DIR);
  const origin = values.ORIGIN ?? `http://localhost:${values.PORT}`;
  return Object.freeze({
    nodeEnv: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    socketPort: values.SOCKET_PORT,
    origin,
    /** Null: the host of `origin` with the port that the channel got. */
    socketOrigin: values.SOCKET_ORIGIN ?? (origin.startsWith('https:') ? origin : null),
    corsOrigins: Object.freeze(values.CORS_ORIGINS),
    socketEngine: values.SOCKET_ENGINE,
    role: values.ROLE,
    dataDir,
    configDir: resolve(values.CONFIG_DIR),
    keyFile: resolve(values.KEY_FILE ?? `${dataDir}-keys/backlogue.key`),
    encryptionKeys: values.ENCRYPTION_KEYS,
    sessionMinutes: values.SESSION_MINUTES,
    sessionAbsoluteHours: values.SESSION_ABSOLUTE_HOURS,
    bcryptCost: values.BCRYPT_COST,
    trustProxy: values.TRUST_PROXY,
    shutdownSeconds: values.SHUTDOWN_SECONDS,
    logLevel: values.LOG_LEVEL,
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    traceContent: values.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT,
    metricsToken: values.METRICS_TOKEN,
    practicePorts: Object.freeze({
      jira: values.PRACTICE_JIRA_PORT,
      confluence: values.PRACTICE_CONFLUENCE_PORT,
      llm: values.PRACTICE_LLM_PORT,
      control: values.PRACTICE_CONTROL_PORT,
    }),
    practicePace: values.PRACTICE_PACE,
    llmCredential: values.LLM_CREDENTIAL,
  });
}

type Variables = typeof settingVariables;
type Values = { [Name in keyof Variables]: Variables[Name] extends SettingVariable<infer T> ? T : never };

function parseAll(env: Environment): Values {
  const values: Record<string, unknown> = {};
  const sentences: string[] = [];
  for (const [name, variable] of Object.entries<SettingVariable<unknown>>(settingVariables)) {
    const text = env[name]?.trim() || undefined;
    const parsed = variable.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else sentences.push(refusal(name, variable, text));
  }
  if (sentences.length > 0) throw new InvalidError('setting_invalid', sentences.join(' '));
  return values as Values;
}

function refusal(name: string, variable: SettingVariable<unknown>, text: string | undefined): string {
  const found = variable.secret ? 'holds a value that cannot be used' : `is "${text}"`;
  return `${name} ${found}; it must be ${variable.expected}.`;
}
