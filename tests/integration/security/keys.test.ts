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
let running: RunningApp | undefined;
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
  running = undefined;
}

it('A session outlives one rotation of the keys and not two, and every secret outlives both', async () => {
  const first = await start();
  await register(first.app, alice);
  const her = await first.signIn(alice);
  expect(await whoIs(first, her)).toBe(her.actor.userId);
  await stop();

  expect(rotateAllKeys(folder.env)).toMatchObject({ exitCode: 0 });
  const second = await start();
  expect(await whoIs(second, her)).toBe(her.actor.userId);
  const since = await second.signIn(alice);
  expect(await herToken(second, her)).toBe(alice.jiraToken);
  await stop();

  expect(rotateAllKeys(folder.env)).toMatchObject({ exitCode: 0 });
  const third = await start();
  expect(await whoIs(third, her)).toBeNull();
  expect(await whoIs(third, since)).toBe(her.actor.userId);
  expect(await herToken(third, her)).toBe(alice.jiraToken);

  await register(third.app, ines);
  const admin = await third.signIn(ines);
  const rotations = { person: null, action: 'keys.rotate', outcome: null, from: null, until: null };
  const { events } = await third.app.services.administration.audit.page(admin.actor, rotations, null);
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
  const again = await start();
  expect(await herToken(again, await again.signIn(alice))).toBe(alice.jiraToken);
});

async function whoIs({ app }: RunningApp, { cookie }: SignedIn): Promise<string | null> {
  const value = cookie.slice(cookie.indexOf('=') + 1);
  return (await app.services.session.authenticate(value))?.user.id ?? null;
}

function herToken({ app }: RunningApp, { actor }: SignedIn): Promise<string> {
  return app.services.configuration.reveal(actor, 'jira', password);
}
