import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testAuthorityPem } from '../../../../tests/support/tls-certificates.ts';
import { createLogger } from '../observability/logger.ts';
import type { ConfigStore } from './config-store.ts';
import { createConfigStore } from './config-store.ts';

const files = ['config.json', 'header.json', 'payload.json', 'prompts.json'];
let root: string;
let store: ConfigStore | undefined;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'backlogue-store-'));
});
afterEach(() => {
  store?.dispose();
  rmSync(root, { recursive: true, force: true });
});

function folder(name: string, model = 'practice-writer'): string {
  const dir = join(root, name);
  mkdirSync(dir);
  for (const file of files) cpSync(join('config', file), join(dir, file));
  setModel(dir, model);
  return dir;
}

function withModel(model: string): string {
  return readFileSync('config/config.json', 'utf8').replace('"practice-writer"', JSON.stringify(model));
}

function setModel(dir: string, model: string): void {
  writeFileSync(join(dir, 'config.json'), withModel(model));
}

function open(dir: string, env = {}): ConfigStore {
  store = createConfigStore({
    dir,
    clock: { now: () => 1_700_000_000_000 },
    log: createLogger({ level: 'silent' }),
    env,
  });
  return store;
}

function nextChange(opened: ConfigStore): Promise<string> {
  return new Promise((resolve) => {
    const stop = opened.onChange((config) => {
      stop();
      resolve(config.config.llm.model);
    });
  });
}

describe('The configuration store', () => {
  it('refuses to start on a broken file, with file, line and path in the message', () => {
    const dir = folder('config');
    writeFileSync(join(dir, 'payload.json'), '{ "default": "{{messages}} {{mood}}" }');
    expect(() => open(dir)).toThrow(/^payload\.json:1:3 default — expected one of .*found \{\{mood\}\}$/);
  });

  it('takes over a saved file without a restart', async () => {
    const dir = folder('config');
    const opened = open(dir);
    const before = opened.current();
    const change = nextChange(opened);
    setModel(dir, 'model-two');
    expect(await change).toBe('model-two');
    expect(opened.current().hash).not.toBe(before.hash);
    expect(before.config.llm.model).toBe('practice-writer');
  });

  it('takes over a file that an editor replaces by rename', async () => {
    const dir = folder('config');
    const opened = open(dir);
    const change = nextChange(opened);
    writeFileSync(join(dir, 'config.json.tmp'), withModel('renamed'));
    renameSync(join(dir, 'config.json.tmp'), join(dir, 'config.json'));
    expect(await change).toBe('renamed');
  });

  it('follows a symlink swap, as Kubernetes updates a mounted folder', async () => {
    folder('v1', 'first');
    folder('v2', 'second');
    const mount = join(root, 'mount');
    mkdirSync(mount);
    symlinkSync(join('..', 'v1'), join(mount, '..data'));
    for (const file of files) symlinkSync(join('..data', file), join(mount, file));
    const opened = open(mount);
    expect(opened.current().config.llm.model).toBe('first');

    const change = nextChange(opened);
    symlinkSync(join('..', 'v2'), join(mount, '..data_tmp'));
    renameSync(join(mount, '..data_tmp'), join(mount, '..data'));
    expect(await change).toBe('second');
  });

  it('keeps the last good version while a file is half written, says why, and heals', async () => {
    const dir = folder('config');
    const opened = open(dir);
    const good = opened.current();

    writeFileSync(join(dir, 'config.json'), withModel('half').slice(0, 400));
    await vi.waitUntil(() => opened.problems().length > 0, { timeout: 5_000 });
    expect(opened.current()).toBe(good);
    expect(opened.problems()[0]).toMatchObject({
      file: 'config.json',
      message: expect.stringContaining('expected valid JSON'),
    });

    const change = nextChange(opened);
    setModel(dir, 'whole');
    expect(await change).toBe('whole');
    expect(opened.problems()).toEqual([]);
  });

  it('holds the certificates that it names: a replaced file counts, a lost or damaged one changes nothing', async () => {
    const dir = folder('config');
    const caFile = join(dir, 'ca.pem');
    const withCa = withModel('one').replace(
      '"jira": { "url": null }',
      '"jira": { "url": null, "caFile": "ca.pem" }',
    );
    writeFileSync(caFile, testAuthorityPem);
    writeFileSync(join(dir, 'config.json'), withCa);
    const opened = open(dir);
    const good = opened.current();
    expect(good.authorities).toEqual({ jira: testAuthorityPem, confluence: null });
    expect(opened.files().map(({ name }) => name)).toContain('jira.caFile');

    for (const spoil of [() => rmSync(caFile), () => writeFileSync(caFile, testAuthorityPem.slice(0, 200))]) {
      const told = opened.problems().map(({ message }) => message);
      spoil();
      await vi.waitUntil(() => opened.problems()[0] && opened.problems()[0]?.message !== told[0], {
        timeout: 5_000,
      });
      expect(opened.problems()).toMatchObject([{ file: 'config.json', path: 'jira.caFile' }]);
      expect(opened.current()).toBe(good);
    }

    const change = nextChange(opened);
    writeFileSync(caFile, `${testAuthorityPem}\n${testAuthorityPem}`);
    await change;
    expect(opened.problems()).toEqual([]);
    expect(opened.current().authorities.jira).toHaveLength(2 * testAuthorityPem.length + 1);
  });

  it('forgets its problems when a broken save is taken back, without calling that a change', async () => {
    const dir = folder('config');
    const opened = open(dir);
    const changes: string[] = [];
    opened.onChange((config) => changes.push(config.config.llm.model));

    writeFileSync(join(dir, 'header.json'), '{');
    await vi.waitUntil(() => opened.problems().length > 0, { timeout: 5_000 });
    cpSync('config/header.json', join(dir, 'header.json'));
    await vi.waitUntil(() => opened.problems().length === 0, { timeout: 5_000 });
    expect(changes).toEqual([]);
  });

  it('goes on telling others when one listener fails', async () => {
    const dir = folder('config');
    const opened = open(dir);
    opened.onChange(() => {
      throw new Error('a listener that breaks');
    });
    const change = nextChange(opened);
    setModel(dir, 'told');
    expect(await change).toBe('told');
  });

  it('hands out versions that nobody can change', () => {
    const opened = open(folder('config'));
    expect(() => {
      opened.current().config.llm.model = 'other';
    }).toThrow(TypeError);
  });
});
