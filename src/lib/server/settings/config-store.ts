import { createHash } from 'node:crypto';
import { AppError } from '../errors/app-error.ts';
import type { Logger } from '../observability/logger.ts';
import type { Redactor } from '../security/redaction.ts';
import type { Authorities, ConfigFiles, ConfigTexts } from './config-files.ts';
import { parseConfigTexts, readConfigTexts } from './config-files.ts';
import type { ConfigProblem } from './config-problem.ts';
import { formatProblem } from './config-problem.ts';
import { watchFolder } from './folder-watch.ts';
import { readText } from './read-text.ts';
import type { Environment } from './settings.ts';

/** The four files, and the certificates that they name, as one version: all from the same load, frozen. */
export interface ProductConfig extends Readonly<ConfigFiles> {
  readonly authorities: Readonly<Authorities>;
  /** SHA-256 of all that was read, hex: two versions with the same hash are the same. */
  readonly hash: string;
  /** Milliseconds since 1970, UTC. */
  readonly loadedAt: number;
}

export interface ConfigFileInForce {
  /** Of one of the four files, or `jira.caFile` for what stands in the file of that name. */
  name: string;
  /** SHA-256, hex. */
  hash: string;
  /** Milliseconds since 1970, UTC. */
  inForceSince: number;
}

export interface ConfigStore {
  /** The version in force: the last one without a problem. Take it once for each piece of work. */
  current(): ProductConfig;
  /** Each file of the version in force: the hash of its text, and since when that text counts. */
  files(): readonly ConfigFileInForce[];
  /** What keeps the files as they now lie on disk from being used; empty when they are in force. */
  problems(): readonly ConfigProblem[];
  /** Called after a new version came into force. Returns the call that unsubscribes. */
  onChange(listener: (config: ProductConfig) => void): () => void;
  dispose(): void;
}

interface ConfigStoreDeps {
  dir: string;
  clock: { now(): number };
  log: Logger;
  env: Environment;
  /** Told what `${NAME}` brought in, so that no log line shows it. */
  redactor?: Pick<Redactor, 'register'>;
}

/** Long enough for an editor to finish a save, short enough to feel immediate. */
const SETTLE_MS = 100;
const LOOK_AGAIN_MS = 10_000;

/**
 * Loads the configuration folder and follows its changes for as long as it is not disposed. A version with a problem
 * never comes into force, not even in part.
 * @throws AppError `config_invalid` when the first load finds a problem; the message has one line for each.
 */
export function createConfigStore({ dir, clock, log, env, redactor }: ConfigStoreDeps): ConfigStore {
  const listeners = new Set<(config: ProductConfig) => void>();
  const first = load();
  if (!first.config) {
    throw new AppError('config_invalid', first.problems.map(formatProblem).join('\n'), {
      hint: 'Nothing was started. Mend what is listed; `npm run config:check` looks without starting.',
    });
  }
  let current = first.config;
  let files = filesInForce(first, [], current.loadedAt);
  let problems: readonly ConfigProblem[] = [];
  let seen = { hash: first.hash, caFiles: first.caFiles };
  const stopWatching = watchFolder(dir, lookAgain, {
    settleMs: SETTLE_MS,
    lookAgainMs: LOOK_AGAIN_MS,
    onUnwatchable: (error) =>
      log.warn({ err: error }, `Changes to the configuration are seen every ${LOOK_AGAIN_MS / 1000} s only`),
  });

  function load(): Loaded {
    const read = readConfigTexts(dir);
    const { texts } = read;
    const loaded = parseConfigTexts(read, dir, env);
    const { caFiles } = loaded;
    const hash = hashOf(read, caFiles);
    if ('problems' in loaded) return { hash, texts, caFiles, config: null, problems: loaded.problems };
    for (const value of loaded.environmentValues) redactor?.register(value);
    const { authorities } = loaded;
    const config = deepFreeze({ ...loaded.files, authorities, hash, loadedAt: clock.now() });
    return { hash, texts, caFiles, config, problems: [] };
  }

  function lookAgain(): void {
    if (hashOf(readConfigTexts(dir), seen.caFiles) === seen.hash) return;
    const loaded = load();
    seen = { hash: loaded.hash, caFiles: loaded.caFiles };
    problems = loaded.problems;
    if (!loaded.config) {
      const sentences = problems.map(formatProblem);
      log.error(
        { outcome: 'refused', problems: sentences },
        `Kept the last good configuration: ${sentences[0]}`,
      );
      return;
    }
    // A broken save that was taken back leads to the version that is in force already.
    if (loaded.hash === current.hash) return;
    current = loaded.config;
    files = filesInForce(loaded, files, current.loadedAt);
    log.info({ outcome: 'ok', config_hash: current.hash }, 'A changed configuration is in force');
    for (const listener of listeners) notify(listener);
  }

  function notify(listener: (config: ProductConfig) => void): void {
    try {
      listener(current);
    } catch (error) {
      log.error({ err: error }, 'A part of the product failed to take over the changed configuration');
    }
  }

  return {
    current: () => current,
    files: () => files,
    problems: () => problems,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    dispose() {
      stopWatching();
      listeners.clear();
    },
  };
}

interface Loaded {
  hash: string;
  texts: ConfigTexts['texts'];
  caFiles: string[];
  config: ProductConfig | null;
  problems: ConfigProblem[];
}

/** Over the four files and those beside them. */
function hashOf({ hash: filesHash }: ConfigTexts, caFiles: readonly string[]): string {
  const hash = createHash('sha256').update(filesHash);
  for (const file of caFiles) {
    const read = readText(file);
    hash.update(`\n${read.ok ? read.text : read.reason}`);
  }
  return hash.digest('hex');
}

/** A file whose text did not change has been in force since before. */
function filesInForce(
  { texts, config }: Pick<Loaded, 'texts' | 'config'>,
  before: readonly ConfigFileInForce[],
  now: number,
): ConfigFileInForce[] {
  const certificates = Object.entries(config?.authorities ?? {}).flatMap(([product, pem]) =>
    pem === null ? [] : [[`${product}.caFile`, pem] as const],
  );
  return [...texts, ...certificates].map(([name, text]) => {
    const hash = createHash('sha256').update(text).digest('hex');
    const known = before.find((file) => file.name === name && file.hash === hash);
    return known ?? { name, hash, inForceSince: now };
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
}
