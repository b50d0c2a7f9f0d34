import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'jsonc-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp } from '../../src/lib/server/commands/backup.ts';
import { preflight } from '../../src/lib/server/commands/preflight.ts';
import { openDatabase } from '../../src/lib/server/db/connection.ts';
import { migrateDatabase } from '../../src/lib/server/db/migrate.ts';
import { openKeyring } from '../../src/lib/server/security/keyring.ts';
import { createLoopback, readBody } from '../support/loopback.ts';
import { migrationsFolder } from '../support/temp-database.ts';

const shippedConfig = fileURLToPath(new URL('../../config', import.meta.url));
const loopback = createLoopback();
let root: string;
let env: Record<string, string>;

/** An installation as docs/operations.md leaves it, but for the remote systems, which a test has none of over TLS. */
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'backlogue-preflight-'));
  const app = await loopback.serve((request, response) =>
    response.end(request.url === '/readyz' ? '{"ready":true}' : ''),
  );
  const collector = await loopback.serve(async (request, response) => {
    await readBody(request);
    response.end('{}');
  });
  env = {
    NODE_ENV: 'production',
    ORIGIN: 'https://backlogue.example.com',
    TRUST_PROXY: '1',
    PORT: new URL(app).port,
    DATA_DIR: join(root, 'data'),
    CONFIG_DIR: join(root, 'config'),
    KEY_FILE: join(root, 'keys', 'backlogue.key'),
    OTEL_EXPORTER_OTLP_ENDPOINT: collector,
  };
  mkdirSync(env.DATA_DIR ?? '', { mode: 0o700 });
  const db = openDatabase(join(root, 'data', 'app.db'));
  migrateDatabase(db, migrationsFolder);
  db.close();
  openKeyring({ file: env.KEY_FILE ?? '', env: null, mayCreate: true });
  cpSync(shippedConfig, join(root, 'config'), { recursive: true });
  await backUp({ args: [join(root, 'data-backups')], env, print: () => {} });
});
afterEach(async () => {
  await loopback.close();
  rmSync(root, { recursive: true, force: true });
});

async function findings() {
  const lines: string[] = [];
  const exitCode = await preflight({ args: [], env, print: (line) => void lines.push(line) });
  const of = (step: string) =>
    lines.find((line) => line.slice(9).startsWith(step)) ?? `nothing about ${step}`;
  return { exitCode, lines, of };
}

function live(change: Record<string, unknown>) {
  const file = join(root, 'config', 'config.json');
  const config = parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...config, mode: 'live', ...change }));
}

describe('preflight', () => {
  it('goes through every step of the checklist, and says which ones no command can know', async () => {
    const { lines, of } = await findings();
    expect(lines).toHaveLength(11);
    for (const step of [
      'Configuration files',
      'Database migrations',
      'Encryption keys',
      'Logging',
      'Backup',
      'Health',
    ])
      expect(of(step)).toMatch(/^ok/);
    for (const step of ['Performance', 'Security', 'Load']) expect(of(step)).toMatch(/^by hand/);
  });

  it('does not let practice mode go into production', async () => {
    const { exitCode, of } = await findings();
    expect(exitCode).toBe(1);
    expect(of('Environment variables')).toMatch(/^wrong.*practice/);
    expect(of('TLS')).toMatch(/^wrong/);
  });

  it('names a system that is called without TLS, or does not answer', async () => {
    const nobody = new URL(await loopback.nobody());
    live({
      jira: { url: 'http://jira.example.com' },
      llm: {
        ...parse(readFileSync(join(root, 'config', 'config.json'), 'utf8')).llm,
        baseUrl: `https://127.0.0.1:${nobody.port}`,
      },
    });
    const { of } = await findings();
    expect(of('Environment variables')).toMatch(/^ok/);
    expect(of('TLS')).toMatch(/^wrong.*Jira is called without TLS.*could not be reached/);
  });

  it.each([
    ['Environment variables', () => (env.ORIGIN = 'http://localhost:3000'), /https.*this machine/],
    ['Environment variables', () => (env.TRUST_PROXY = '0'), /TRUST_PROXY/],
    ['Configuration files', () => writeFileSync(join(root, 'config', 'config.json'), '{'), /config\.json/],
    ['Database migrations', () => chmodSync(join(root, 'data'), 0o755), /chmod 700/],
    ['Encryption keys', () => rmSync(env.KEY_FILE ?? ''), /not there/],
    ['Backup', () => rmSync(join(root, 'data-backups'), { recursive: true }), /no backup/],
    ['Health', () => (env.PORT = '1'), /running/],
    ['Logging', () => (env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:1'), /does not take traces/],
  ])('is strict about: %s', async (step, spoil, sentence) => {
    spoil();
    const { exitCode, of } = await findings();
    expect(exitCode).toBe(1);
    expect(of(step)).toMatch(/^wrong/);
    expect(of(step)).toMatch(sentence);
  });
});
