import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exitCodes } from '../../scripts/setup-error.mjs';
import { freePorts } from '../e2e/support/free-ports.ts';
import { makeAppFolder, type AppFolder } from '../support/app-folder.ts';
import { buildProduct } from '../support/build-product.ts';
import { createLoopback } from '../support/loopback.ts';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const loopback = createLoopback();
let folder: AppFolder;
let ports: { PORT: string; SOCKET_PORT: string };

beforeAll(buildProduct);
afterAll(() => loopback.close());
beforeEach(async () => {
  folder = makeAppFolder();
  const [port, socketPort] = (await freePorts(2)).map(String);
  ports = { PORT: port ?? '', SOCKET_PORT: socketPort ?? '' };
});
afterEach(() => folder.remove());

/** Runs a start script to its end, which must not be a running product. */
async function start(
  env: Record<string, string> = {},
  command = ['scripts/serve.mjs'],
): Promise<{ code: number; said: string }> {
  const child = spawn(process.execPath, command, {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', ...folder.env, ...ports, ...env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

const inFolder = (...names: string[]) => join(folder.path, ...names);

describe('A start that cannot succeed says why in a sentence, and ends with a code of its own:', () => {
  const cases: [string, number, RegExp, () => Record<string, string> | Promise<Record<string, string>>][] = [
    [
      'a port that somebody else has',
      exitCodes.portUnavailable,
      /^Port \d+ on 127\.0\.0\.1 is already in use; .+ with SOCKET_PORT=<port>\.\n$/,
      async () => ({ SOCKET_PORT: new URL(await loopback.serve(() => {})).port }),
    ],
    ['a port that is none', exitCodes.portUnavailable, /^PORT=70000 is not a port; .+\n$/, () => ({ PORT: '70000' })],
    [
      'one port for both listeners',
      exitCodes.portUnavailable,
      /^PORT and SOCKET_PORT are both \d+; .+\n$/,
      () => ({ PORT: ports.PORT, SOCKET_PORT: ports.PORT }),
    ],
    [
      'a broken configuration file',
      exitCodes.configurationBroken,
      /header\.json.+\n.*Nothing was started\. .+\n$/s,
      () => {
        writeFileSync(inFolder('config', 'header.json'), '{ "headers": { "cookie": "{{credentials}}" } ');
        return {};
      },
    ],
    [
      'an environment variable that cannot be used',
      exitCodes.configurationBroken,
      /^SESSION_MINUTES is "17"; it must be .+\n$/,
      () => ({ SESSION_MINUTES: '17' }),
    ],
    [
      'a data folder that is a file',
      exitCodes.dataFolderUnusable,
      /^The data folder .+ cannot be used \(it is a file\); .+ DATA_DIR=<folder>\.\n$/,
      () => ({ DATA_DIR: inFolder('config', 'config.json') }),
    ],
    [
      'a damaged database',
      exitCodes.databaseUnusable,
      /app\.db.+\n/,
      () => {
        rmSync(inFolder('data'), { recursive: true });
        mkdirSync(inFolder('data'));
        writeFileSync(inFolder('data', 'app.db'), 'This was a database once. '.repeat(400));
        return {};
      },
    ],
    [
      'a key file that others can read',
      exitCodes.keysUnusable,
      /backlogue\.key.+\n/,
      () => {
        mkdirSync(inFolder('keys'));
        writeFileSync(inFolder('keys', 'backlogue.key'), '{}');
        chmodSync(inFolder('keys', 'backlogue.key'), 0o644);
        return {};
      },
    ],
  ]; // prettier-ignore
  it.each(cases)('%s (%i)', async (_what, code, sentence, prepare) => {
    const ended = await start(await prepare());
    expect(ended.said).toMatch(sentence);
    // A stack is for faults of ours.
    expect(ended.said).not.toMatch(/^ {4}at /m);
    expect(ended.code).toBe(code);
  });

  const forTheBuiltApp: typeof cases = [
    [
      'a port of the pages that somebody else has',
      exitCodes.portUnavailable,
      /^A port that the page server needs is taken\.\nStop what uses it, or set PORT\.\n$/m,
      async () => ({ PORT: new URL(await loopback.serve(() => {})).port }),
    ],
    [
      'an address that this machine does not have',
      exitCodes.portUnavailable,
      /^A port that the .+ needs cannot be opened \(EADDRNOTAVAIL\)\.\nSet .+\n$/m,
      () => ({ HOST: '203.0.113.9' }),
    ],
    [
      'an origin that is none',
      exitCodes.configurationBroken,
      /^ORIGIN is "backlogue\.example\.com"; it must be an origin .+\n$/,
      () => ({ ORIGIN: 'backlogue.example.com' }),
    ],
    [
      'a limit for bodies that is none',
      exitCodes.configurationBroken,
      /^BODY_SIZE_LIMIT is "plenty"; it must be .+\n$/,
      () => ({ BODY_SIZE_LIMIT: 'plenty' }),
    ],
  ]; // prettier-ignore
  it.each(forTheBuiltApp)('the built app alone: %s (%i)', async (_what, code, sentence, prepare) => {
    const ended = await start(await prepare(), ['build/index.js']);
    expect(ended.said).toMatch(sentence);
    expect(ended.said).not.toMatch(/^ {4}at /m);
    expect(ended.code).toBe(code);
  });

  it('a mode that is none', async () => {
    const ended = await start({}, ['scripts/start.mjs', 'staging']);
    expect(ended).toEqual({
      code: exitCodes.wrongUsage,
      said: 'Unknown mode "staging"; use production (the default) or development.\n',
    });
  });
});
