import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'jsonc-parser';
import type { Environment } from '../../src/lib/server/settings/settings.ts';
import { migratedDatabaseFile } from './temp-database.ts';

export const shippedConfig = fileURLToPath(new URL('../../config', import.meta.url));

/** Part of config.json that a test sets otherwise; objects are merged key by key. */
export type ConfigChange = { [key: string]: ConfigChange | string | number | boolean | null | unknown[] };

/** Everything that an app keeps on disk: data, keys and configuration. It outlives the app, so that one can restart. */
export interface AppFolder {
  path: string;
  /** For `readSettings`: free ports, cheap hashing, no log. */
  env: Environment;
  /** The same data, keys and configuration once more, elsewhere. */
  copy(): AppFolder;
  remove(): void;
}

/**
 * A new folder with the shipped configuration, patient with nobody: remotes on loopback answer at once or never.
 */
export function makeAppFolder(change: ConfigChange = {}): AppFolder {
  const path = mkdtempSync(join(tmpdir(), 'backlogue-app-'));
  mkdirSync(join(path, 'data'));
  copyFileSync(migratedDatabaseFile(), join(path, 'data', 'app.db'));
  cpSync(shippedConfig, join(path, 'config'), { recursive: true });
  const file = join(path, 'config', 'config.json');
  const shipped = parse(readFileSync(file, 'utf8')) as ConfigChange;
  writeFileSync(file, JSON.stringify(merged(merged(shipped, impatient), change)));
  return appFolder(path);
}

const quick = {
  retry: { attempts: 1, initialDelayMs: 1, maxDelayMs: 5 },
  breaker: { failures: 50, openForMs: 100 },
  timeouts: { connectMs: 2_000, firstByteMs: 2_000, idleMs: 2_000, totalMs: 10_000 },
};
const impatient: ConfigChange = { jira: quick, confluence: quick, llm: quick };

function appFolder(path: string): AppFolder {
  const env = {
    DATA_DIR: join(path, 'data'),
    CONFIG_DIR: join(path, 'config'),
    KEY_FILE: join(path, 'keys', 'backlogue.key'),
    // Nobody listens there: tests speak with the services and the channel, and forms have an origin of their own.
    ORIGIN: 'http://localhost:3999',
    SOCKET_PORT: '0',
    PRACTICE_JIRA_PORT: '0',
    PRACTICE_CONFLUENCE_PORT: '0',
    PRACTICE_LLM_PORT: '0',
    BCRYPT_COST: '10',
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
  };
  return {
    path,
    env,
    copy() {
      const other = mkdtempSync(join(tmpdir(), 'backlogue-app-'));
      cpSync(path, other, { recursive: true });
      return appFolder(other);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function merged(base: ConfigChange, change: ConfigChange): ConfigChange {
  const result: ConfigChange = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const before = result[key];
    result[key] = isObject(before) && isObject(value) ? merged(before, value) : value;
  }
  return result;
}

function isObject(value: unknown): value is ConfigChange {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
