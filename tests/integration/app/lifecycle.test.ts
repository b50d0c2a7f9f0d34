import { renameSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import { makeAppFolder, type AppFolder } from '../../support/app-folder.ts';
import { startTalk } from '../../support/main-job.ts';
import { startApp } from '../../support/running-app.ts';

const folders: AppFolder[] = [];
const newFolder = () => {
  const folder = makeAppFolder();
  folders.push(folder);
  return folder;
};
afterEach(() => folders.splice(0).forEach((folder) => folder.remove()));

/** What keeps a process alive, by kind. */
const handles = () =>
  process.getActiveResourcesInfo().filter((kind) => /Server|Timeout|TCPSocket|Worker/.test(kind));

test('An app that was closed leaves nothing behind, ten times over', async () => {
  const folder = newFolder();
  await (await startApp({ folder })).close();
  const before = handles().length;
  for (let n = 0; n < 10; n++) {
    const running = await startApp({ folder });
    expect(await running.app.services.system.readiness()).toMatchObject({ ready: true });
    await running.close();
  }
  await expect.poll(() => handles().length).toBeLessThanOrEqual(before);
});

test('A data folder that is gone is told without saying where it was: anybody may ask for readiness', async () => {
  const running = await startApp({ folder: newFolder() });
  const dataFolder = running.app.settings.dataDir;
  renameSync(dataFolder, `${dataFolder}-gone`);
  const readiness = await running.app.services.system.readiness();
  renameSync(`${dataFolder}-gone`, dataFolder);
  expect(readiness).toMatchObject({
    ready: false,
    checks: { database: { ok: false, detail: 'the check failed: ENOENT' } },
  });
  expect(JSON.stringify(readiness)).not.toContain(running.folder.path);
  expect(await running.app.services.system.readiness()).toMatchObject({ ready: true });
  await running.close();
});

test('Several apps run in one process, and know nothing of each other', async () => {
  const [one, other] = [await startApp(), await startApp()];
  const talk = await startTalk(one, await one.join(alice));
  const elsewhere = await other.join(alice);
  expect(await other.app.services.conversations.list(elsewhere.actor, {})).toEqual([]);
  await one.close();
  expect(
    await other.app.services.conversations.create(elsewhere.actor, { projectKey: 'DEMO', choices: {} }),
  ).toHaveProperty('conversationId');
  expect(talk.tab.socket.connected).toBe(false);
  await other.close();
});

test('Closing twice is closing once', async () => {
  const { app } = await startApp({ folder: newFolder() });
  await Promise.all([app.close(), app.close()]);
  await app.close();
});

test('A taken port is told with its variable, and what had been opened is closed again', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const port = String((taken.address() as AddressInfo).port);
  const folder = newFolder();
  for (const variable of ['SOCKET_PORT', 'PRACTICE_JIRA_PORT']) {
    await expect(startApp({ folder, env: { [variable]: port } })).rejects.toMatchObject({
      code: 'port_taken',
      hint: expect.stringContaining(variable) as string,
    });
  }
  taken.close();
  // Nothing of the failed starts holds the database or a port.
  await (await startApp({ folder })).close();
});

test('A sign-in outlives a restart', async () => {
  const folder = newFolder();
  const first = await startApp({ folder });
  const who = await first.join(alice);
  await first.close();
  const second = await startApp({ folder });
  expect((await second.tab(who)).socket.connected).toBe(true);
  await second.close();
});
