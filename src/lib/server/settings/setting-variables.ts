import { z } from 'zod';

/** One environment variable: how it is read, and what a person is told about it. */
export interface SettingVariable<T> {
  /** Reads the text; `undefined` where the variable is unset or empty. */
  schema: z.ZodType<T, string | undefined>;
  description: string;
  /** Completes the sentence "it must be ...". */
  expected: string;
  /** What holds when it is unset, in words. */
  defaultText: string;
  /** Its value is never shown. */
  secret?: true;
}

const optionalText = z
  .string()
  .optional()
  .transform((text) => text ?? null);
const httpOrigin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => URL.canParse(text) && new URL(text).origin === text);

/**
 * Every environment variable of the product. The table in docs/operations.md is made from this list; relative paths
 * count from the working directory.
 */
export const settingVariables = {
  NODE_ENV: choice(['production', 'development', 'test'], 'production', 'What the process is for.'),
  HOST: {
    schema: z.string().default('127.0.0.1'),
    description:
      'Address that both listeners bind. Loopback unless a proxy on another machine stands in front.',
    expected: 'an address or host name',
    defaultText: '127.0.0.1',
  },
  PORT: port(3000, 'Port of the pages; 0 takes a free one.'),
  SOCKET_PORT: port(3001, 'Port of the Socket.IO channel; 0 takes a free one.'),
  ORIGIN: {
    schema: httpOrigin.optional(),
    description: 'Where browsers find the pages. Forms and sockets from any other origin are refused.',
    expected: 'an origin such as https://backlogue.example.com, without a path or a trailing slash',
    defaultText: 'http://localhost:<PORT>',
  },
  SOCKET_ORIGIN: {
    schema: httpOrigin.optional(),
    description: 'Where browsers find the channel, if a proxy puts it elsewhere than the default.',
    expected: 'an origin such as https://backlogue.example.com, without a path or a trailing slash',
    defaultText:
      'ORIGIN where that is https (one proxy for both), else its host with the port of the channel',
  },
  BODY_SIZE_LIMIT: {
    schema: z
      .string()
      .regex(/^\d+[KMG]?$/)
      .default('2M'),
    description:
      'Largest body of a request, in bytes or with K, M or G. The start scripts set it for the page server.',
    expected: 'a number of bytes, or one with K, M or G, such as 2M',
    defaultText: '2M',
  },
  CORS_ORIGINS: {
    schema: z
      .string()
      .default('')
      .transform((text) => text.split(',').map((part) => part.trim()))
      .transform((parts) => parts.filter((part) => part !== ''))
      .pipe(z.array(httpOrigin)),
    description:
      'Other sites whose pages may call /api/ from the browser, each request with a personal key; a session never counts there.',
    expected: 'origins such as https://board.example.com, separated by commas; * is not taken',
    defaultText: 'unset: none',
  },
  SOCKET_ENGINE: choice(
    ['auto', 'uws', 'ws'],
    'auto',
    'What serves sockets; auto takes uWebSockets.js where it loads.',
  ),
  ROLE: choice(
    ['all', 'web', 'jobs'],
    'all',
    'Which part this process plays: pages and channel, scheduler and workers, or all.',
  ),
  DATA_DIR: path('./data', 'Folder of the databases.'),
  CONFIG_DIR: path('./config', 'Folder of config.json, header.json, payload.json and prompts.json.'),
  KEY_FILE: {
    schema: z.string().optional(),
    description:
      'File of the encryption keys. It lies outside DATA_DIR, so that no backup of the data can be read by itself.',
    expected: 'a file path',
    defaultText: '<DATA_DIR>-keys/backlogue.key',
  },
  ENCRYPTION_KEYS: {
    schema: optionalText,
    description: 'The encryption keys themselves, instead of KEY_FILE, for platforms that hand out secrets.',
    expected: 'the text of a key file',
    defaultText: 'unset: KEY_FILE is used',
    secret: true,
  },
  SESSION_MINUTES: {
    schema: z
      .enum(['15', '20', '30'])
      .default('20')
      .transform((text) => Number(text) as 15 | 20 | 30),
    description: 'Minutes without activity after which a session ends.',
    expected: '15, 20 or 30',
    defaultText: '20',
  },
  SESSION_ABSOLUTE_HOURS: wholeNumber(1, 72, 12, 'Hours after which a session ends whatever happens.'),
  BCRYPT_COST: wholeNumber(10, 15, 12, 'Work factor of password hashing; each step doubles the time.'),
  TRUST_PROXY: wholeNumber(0, 10, 0, 'How many proxies stand in front and append to X-Forwarded-For.'),
  SHUTDOWN_SECONDS: wholeNumber(1, 300, 30, 'Longest time that a stop waits for running work.'),
  LOG_LEVEL: choice(
    ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    'info',
    'Least severe log lines that are written.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    schema: z
      .url({ protocol: /^https?$/ })
      .optional()
      .transform((text) => text ?? null),
    description: 'Collector that traces are exported to over OTLP/HTTP.',
    expected: 'a URL that starts with http:// or https://',
    defaultText: 'unset: no export',
  },
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: {
    schema: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true'),
    description:
      'Whether exported traces hold prompts and answers. They are people’s words: off unless needed.',
    expected: 'true or false',
    defaultText: 'false',
  },
  METRICS_TOKEN: {
    schema: optionalText,
    description:
      'Bearer token that /metrics asks for. Without it only a direct caller on this machine gets an answer.',
    expected: 'any text without spaces',
    defaultText: 'unset: this machine only',
    secret: true,
  },
  PRACTICE_JIRA_PORT: port(3101, 'Port of the practice Jira; 0 takes a free one.'),
  PRACTICE_CONFLUENCE_PORT: port(3102, 'Port of the practice Confluence; 0 takes a free one.'),
  PRACTICE_LLM_PORT: port(3103, 'Port of the practice model; 0 takes a free one.'),
  PRACTICE_PACE: choice(
    ['readable', 'quick'],
    'readable',
    'How fast the practice model writes: so that one can read along, or without waiting.',
  ),
  PRACTICE_CONTROL_PORT: port(0, 'Port of the control endpoint of the practice servers; 0 takes a free one.'),
  LLM_CREDENTIAL: {
    schema: optionalText,
    description:
      'Credential that the llm-check command presents to the model. The app itself never reads it.',
    expected: 'the value of a cookie or key',
    defaultText: 'unset',
    secret: true,
  },
} satisfies Record<string, SettingVariable<unknown>>;

function choice<const T extends string>(
  values: readonly [T, ...T[]],
  fallback: NoInfer<T>,
  description: string,
) {
  // The cast only undoes the widening of `default` over a generic enum.
  const schema = z.enum(values).default(fallback as never) as unknown as z.ZodType<T, string | undefined>;
  return { schema, description, expected: `one of ${values.join(', ')}`, defaultText: fallback as string };
}

function wholeNumber(min: number, max: number, fallback: number, description: string) {
  const schema = z
    .string()
    .regex(/^\d+$/)
    .optional()
    .transform((text) => (text === undefined ? fallback : Number(text)))
    .pipe(z.number().int().min(min).max(max));
  return {
    schema,
    description,
    expected: `a whole number from ${min} to ${max}`,
    defaultText: String(fallback),
  };
}

function port(fallback: number, description: string) {
  return { ...wholeNumber(0, 65_535, fallback, description), expected: 'a port from 0 to 65535' };
}

function path(fallback: string, description: string) {
  return { schema: z.string().default(fallback), description, expected: 'a path', defaultText: fallback };
}
