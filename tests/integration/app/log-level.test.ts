import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { afterEach, expect, test } from 'vitest';
import { makeAppFolder, type AppFolder } from '../../support/app-folder.ts';
import { startApp, type RunningApp } from '../../support/running-app.ts';

let folder: AppFolder;
let running: RunningApp;
afterEach(async () => {
  await running.close();
  folder.remove();
});

test('The level of the log changes with config.json, without a restart, and goes back with it', async () => {
  folder = makeAppFolder();
  running = await startApp({ folder, env: { LOG_LEVEL: 'fatal' } });
  const { log } = running.app;
  expect(log.level).toBe('fatal');

  write({ logLevel: 'silent' });
  await expect.poll(() => log.level, { timeout: 20_000 }).toBe('silent');

  write({ logLevel: null });
  await expect.poll(() => log.level, { timeout: 20_000 }).toBe('fatal');
});

function write(change: object): void {
  const file = join(folder.path, 'config', 'config.json');
  const before = parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...before, ...change }));
}
