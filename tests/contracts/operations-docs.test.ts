import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../../scripts/dockerfile.mjs';
import { exitCodes } from '../../scripts/setup-error.mjs';
import { withSettingsTable } from '../../src/lib/server/operations/settings-table.ts';
import { settingVariables } from '../../src/lib/server/settings/setting-variables.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('docs/operations.md', () => {
  it('has the table of environment variables as it is (npm run docs:settings)', () => {
    expect(read('docs/operations.md')).toBe(withSettingsTable(read('docs/operations.md')));
  });

  it('tells every code that a start ends with', () => {
    const told = [...read('docs/operations.md').matchAll(/^\| (\d+) +\| /gm)].map(([, code]) => Number(code));
    expect(told.filter((code) => code > 1)).toEqual(Object.values(exitCodes));
  });

  it('names only commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = [...read('docs/operations.md').matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('CONTRIBUTING.md', () => {
  it('leads to files and folders that there are', () => {
    const paths = [
      ...read('CONTRIBUTING.md').matchAll(/`((?:src|tests|config|docs|scripts|drizzle)\/[\w./-]+)`/g),
    ];
    const real = paths.map(([, path = '']) => path).filter((path) => !path.includes('your-'));
    expect(real.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('The image', () => {
  const stages = readDockerfile(read('deploy/Dockerfile'));
  const image = stages.at(-1);
  if (image === undefined) throw new Error('deploy/Dockerfile has no stage.');

  it('stands on a Debian whose libraries the socket engine needs', () => {
    for (const { base } of stages) expect(base).toMatch(/^node:24-trixie/);
  });

  it('copies only what the project has', () => {
    const copied = stages.flatMap(({ steps }) =>
      steps
        .filter(({ instruction, options }) => instruction === 'COPY' && !options.from)
        .flatMap(({ words }) => words.slice(0, -1)),
    );
    expect(copied.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('does not run as root, and asks for its health where there is an answer', () => {
    expect(image.user).toBe('node');
    const path = /127\.0\.0\.1:3000(\/\w+)/.exec(image.healthCheck.join(' '))?.[1];
    expect(existsSync(join(root, `src/routes${path}/+server.ts`))).toBe(true);
  });

  it('sets only variables that the app knows, and keys apart from data', () => {
    expect(Object.keys(image.environment).filter((name) => !(name in settingVariables))).toEqual([]);
    const { DATA_DIR = '', KEY_FILE = '' } = image.environment;
    expect(dirname(KEY_FILE)).not.toBe(DATA_DIR);
  });
});

describe('The service', () => {
  it('gives the app the time to stop that the app takes', () => {
    const { defaultText } = settingVariables.SHUTDOWN_SECONDS;
    const stop = /TimeoutStopSec=(\d+)/.exec(read('deploy/backlogue.service'))?.[1];
    const grace = /stop_grace_period: (\d+)s/.exec(read('deploy/compose.yaml'))?.[1];
    expect(Number(stop)).toBeGreaterThan(Number(defaultText));
    expect(Number(grace)).toBeGreaterThan(Number(defaultText));
  });
});
