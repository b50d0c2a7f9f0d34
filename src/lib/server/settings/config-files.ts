import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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

export type LoadedConfig =
  { files: ConfigFiles; environmentValues: string[] } | { problems: ConfigProblem[] };

/** Reads the four files. Never throws. */
export function readConfigTexts(dir: string): ConfigTexts {
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
  if (header && config) report('header.json', checkHeaders(header, config));
  if (payload) report('payload.json', checkPayloads(payload));
  if (prompts) report('prompts.json', checkPrompts(prompts));

  if (problems.length > 0 || !config || !header || !payload || !prompts) return { problems };
  return { files: { config, header, payload, prompts }, environmentValues };
}

function readText(path: string): { ok: true; text: string } | { ok: false; reason: string } {
  try {
    return { ok: true, text: readFileSync(path, 'utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    return {
      ok: false,
      reason: error instanceof Error && 'code' in error ? String(error.code) : 'unreadable',
    };
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
