import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alice, ines } from '../../../src/lib/sandbox/people.ts';
import { verifyAudit } from '../../../src/lib/server/commands/audit-verify.ts';
import { rotateAllKeys } from '../../../src/lib/server/commands/keys-rotate.ts';
import { openKeyring } from '../../../src/lib/server/security/keyring.ts';
import { makeAppFolder, type AppFolder } from '../../support/app-folder.ts';
import { password, register, startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

let folder: AppFolder;
let running: RunningApp | null;
beforeEach(() => (folder = makeAppFolder()));
afterEach(async () => {
  await running?.close();
  folder.remove();
});

async function start(): Promise<RunningApp> {
  return (running = await startApp({ folder }));
}

async function stop(): Promise<void> {
  await running?.close();
  running = null;
}

it('A session outlives one rotation of the keys and not two, and every secret outlives both', async () => {
  await register((await start()).app, alice);
  const her = await running!.signIn(alice);
  expect(await whoIs(her)).toBe(her.actor.userId);
  await stop();

  expect(rotateAllKeys(folder.env)).toMatchObject({ exitCode: 0 });
  await start();
  expect(await whoIs(her)).toBe(her.actor.userId);
  const since = await running!.signIn(alice);
  expect(await running!.app.services.configuration.reveal(her.actor, 'jira', password)).toBe(alice.jiraToken);
  await stop();

  expect(rotateAllKeys(folder.env)).toMatchObject({ exitCode: 0 });
  await start();
  expect(await whoIs(her)).toBeNull();
  expect(await whoIs(since)).toBe(her.actor.userId);
  expect(await running!.app.services.configuration.reveal(her.actor, 'jira', password)).toBe(alice.jiraToken);

  const admin = await joinAdministrator();
  const rotations = { person: null, action: 'keys.rotate', outcome: null, from: null, until: null };
  const { events } = await running!.app.services.administration.audit.page(admin.actor, rotations, null);
  expect(events.map(({ detail }) => detail)).toEqual([{ resealed: 1 }, { resealed: 1 }]);
  await stop();
  expect(verifyAudit(folder.env)).toMatchObject({ exitCode: 0 });
});

it('A start with other keys is refused in a sentence and changes nothing, and the right ones open everything again', async () => {
  await register((await start()).app, alice);
  await stop();
  const keyFile = folder.env['KEY_FILE'] ?? '';
  renameSync(keyFile, `${keyFile}.kept`);
  await expect(start()).rejects.toMatchObject({ code: 'keyring_missing' });
  openKeyring({ file: keyFile, env: null, mayCreate: true });
  const before = readFileSync(join(folder.path, 'data', 'app.db'));

  await expect(start()).rejects.toMatchObject({
    code: 'keyring_wrong',
    message: expect.stringMatching(/^The data was written with other keys: .*root.* do not fit\.$/),
  });

  expect(readFileSync(join(folder.path, 'data', 'app.db')).equals(before)).toBe(true);
  renameSync(`${keyFile}.kept`, keyFile);
  await start();
  const her = await running!.signIn(alice);
  expect(await running!.app.services.configuration.reveal(her.actor, 'jira', password)).toBe(alice.jiraToken);
});

async function whoIs({ cookie }: SignedIn): Promise<string | null> {
  const value = cookie.slice(cookie.indexOf('=') + 1);
  return (await running!.app.services.session.authenticate(value))?.user.id ?? null;
}

async function joinAdministrator(): Promise<SignedIn> {
  await register(running!.app, ines);
  return running!.signIn(ines);
}
