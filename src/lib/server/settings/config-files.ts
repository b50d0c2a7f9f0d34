import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import type { ConfigFile } from '../../contracts/config/config-file.ts';
import { configFileSchema } from '../../contracts/config/config-file.ts';
import type { HeaderFile, PayloadFile, PromptsFile } from '../../contracts/config/template-files.ts';
import {
  headerFileSchema,
  payloadFileSchema,
  promptsFileSchema,
} from '../../contracts/config/template-files.ts';
import { checkConfig, checkHeaders, checkPayloads, checkPrompts } from './config-checks.ts';
import type { ConfigFinding, ConfigProblem } from './config-problem.ts';
import { describeIssue } from './describe-issue.ts';
import { fillFromEnvironment } from './environment-values.ts';
import type { JsonDocument } from './json-document.ts';
import { parseJsonDocument } from './json-document.ts';
import type { Environment } from './settings.ts';
import { readText } from './read-text.ts';
import { caBundleProblem } from '../security/ca-certificate.ts';

/** The schemas of the four files, by name. */
export const configSchemas = {
  'config.json': configFileSchema,
  'header.json': headerFileSchema,
  'payload.json': payloadFileSchema,
  'prompts.json': promptsFileSchema,
} as const;
export type ConfigFileName = keyof typeof configSchemas;
export const configFileNames = Object.keys(configSchemas) as ConfigFileName[];

export interface ConfigFiles {
  config: ConfigFile;
  header: HeaderFile;
  payload: PayloadFile;
  prompts: PromptsFile;
}

/** The four texts as they lie on disk; a file that cannot be read is a problem instead. */
export interface ConfigTexts {
  texts: Map<ConfigFileName, string>;
  problems: ConfigProblem[];
  /** SHA-256 over all of it, hex: the same hash means that nothing changed. */
  hash: string;
}

/** PEM of the certificates that `caFile` names, by whose they are; null where it names none. */
export type Authorities = Record<'jira' | 'confluence', string | null>;

/** `caFiles`: what was read besides the four files, so that a change of it can be seen. */
export type LoadedConfig = { caFiles: string[] } & (
  | { files: ConfigFiles; authorities: Authorities; environmentValues: string[] }
  | { problems: ConfigProblem[] }
);

/** Reads the four files as of one moment: a folder may be swapped for another between two of them. Never throws. */
export function readConfigTexts(dir: string): ConfigTexts {
  return untilTwiceTheSame(() => readOnce(dir));
}

/** While somebody writes all the time the last reading counts; the next look sees what came of it. */
const MOST_READINGS = 5;

export function untilTwiceTheSame(read: () => ConfigTexts): ConfigTexts {
  let before = read();
  for (let readings = 1; readings < MOST_READINGS; readings += 1) {
    const again = read();
    if (again.hash === before.hash) break;
    before = again;
  }
  return before;
}

function readOnce(dir: string): ConfigTexts {
  const texts = new Map<ConfigFileName, string>();
  const problems: ConfigProblem[] = [];
  const hash = createHash('sha256');
  for (const file of configFileNames) {
    const text = readText(join(dir, file));
    if (text.ok) texts.set(file, text.text);
    else
      problems.push({
        file,
        line: 1,
        column: 1,
        path: '',
        message: `expected a file that can be read (${text.reason})`,
      });
    hash.update(`${file}\n${text.ok ? text.text : text.reason}\n`);
  }
  return { texts, problems, hash: hash.digest('hex') };
}

/**
 * Parses and checks the four files against their schemas, their placeholders and each other. Relative CA files count
 * from the folder. Gives everything or every problem; never throws.
 */
export function parseConfigTexts(
  { texts, problems: unread }: ConfigTexts,
  dir: string,
  env: Environment,
): LoadedConfig {
  const problems = [...unread];
  const environmentValues: string[] = [];
  const documents = new Map<ConfigFileName, JsonDocument>();

  function parse<T>(file: ConfigFileName, schema: z.ZodType<T>): T | null {
    const text = texts.get(file);
    if (text === undefined) return null;
    const parsed = parseJsonDocument(file, text);
    if ('problems' in parsed) {
      problems.push(...parsed.problems);
      return null;
    }
    const { document } = parsed;
    documents.set(file, document);
    // Prompts go to the model as they stand: nothing of the environment may get there.
    const { value, filled, findings } =
      file === 'prompts.json'
        ? { value: document.value, filled: [], findings: [] }
        : fillFromEnvironment(document.value, env);
    environmentValues.push(...filled);
    const result = schema.safeParse(value);
    if (!result.success)
      findings.push(...result.error.issues.flatMap((issue) => describeIssue(issue, document)));
    report(file, findings);
    return result.success ? result.data : null;
  }

  function report(file: ConfigFileName, findings: ConfigFinding[]): void {
    const document = documents.get(file);
    if (document) problems.push(...findings.map((finding) => document.locate(finding)));
  }

  const config = withAbsoluteCaFiles(parse('config.json', configFileSchema), dir);
  const header = parse('header.json', headerFileSchema);
  const payload = parse('payload.json', payloadFileSchema);
  const prompts = parse('prompts.json', promptsFileSchema);
  if (config) report('config.json', checkConfig(config));
  const authorities = { jira: authorityOf('jira'), confluence: authorityOf('confluence') };
  const caFiles = config
    ? [config.jira.caFile, config.confluence.caFile].filter((file) => file !== null)
    : [];
  if (header && config) report('header.json', checkHeaders(header, config));
  if (payload) report('payload.json', checkPayloads(payload));
  if (prompts) report('prompts.json', checkPrompts(prompts));

  if (problems.length > 0 || !config || !header || !payload || !prompts) return { problems, caFiles };
  return { files: { config, header, payload, prompts }, authorities, environmentValues, caFiles };

  function authorityOf(product: keyof Authorities): string | null {
    const caFile = config?.[product].caFile ?? null;
    if (caFile === null) return null;
    const read = readText(caFile);
    const message = read.ok
      ? caBundleProblem(read.text)
      : `expected a file that can be read (${read.reason})`;
    if (message !== null) report('config.json', [{ path: [product, 'caFile'], message }]);
    return read.ok ? read.text : null;
  }
}

function withAbsoluteCaFiles(config: ConfigFile | null, dir: string): ConfigFile | null {
  if (!config) return null;
  const absolute = (caFile: string | null) => (caFile === null ? null : resolve(dir, caFile));
  return {
    ...config,
    jira: { ...config.jira, caFile: absolute(config.jira.caFile) },
    confluence: { ...config.confluence, caFile: absolute(config.confluence.caFile) },
  };
}
