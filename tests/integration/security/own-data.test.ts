import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, ines, omar } from '../../../src/lib/sandbox/people.ts';
import {
  otherTables,
  tablesOfConversation,
  tablesOfPerson,
} from '../../../src/lib/server/repositories/person-data-repository.ts';
import { verifyAudit } from '../../../src/lib/server/commands/audit-verify.ts';
import { exportOnePerson } from '../../../src/lib/server/commands/person-export.ts';
import { presentDataFiles } from '../../../src/lib/server/operations/data-files.ts';
import compactDatabases from '../../../src/lib/server/workers/compact-databases.ts';
import { startTalk } from '../../support/main-job.ts';
import { password, startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';
import { openTempDatabase } from '../../support/temp-database.ts';

const herWord = 'Zwiebelturm';
const hisWord = 'Pfefferminze';

let running: RunningApp;
let her: SignedIn;
let other: SignedIn;

beforeAll(async () => {
  running = await startApp();
  her = await running.join(alice);
  other = await running.join(ines);
  const { users, bypass } = running.app.services.administration;
  await users.endSessions(other.actor, her.actor.userId);
  const people = [alice.employeeId.toLowerCase(), ines.employeeId];
  await bypass.save(other.actor, { summary_length: { who: 'named', people, reasonRequired: true } });
  await (await startTalk(running, other)).toReview(`Customers export invoices named ${hisWord} as PDF.`);
  const talk = await startTalk(running, await running.signIn(alice));
  await talk.toReview(
    `Customers should be able to export invoices of ${herWord} as PDF or CSV, with an audit trail.`,
  );
  await talk.approve();
});
afterAll(() => running.close());

const ownData = () => running.app.services.ownData;

it('every table says whether it holds something of a person', () => {
  using temp = openTempDatabase();
  const stored = temp.db.sqlite
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .all()
    .map(({ name }) => name);
  expect([...Object.keys(tablesOfPerson), ...tablesOfConversation, ...otherTables].sort()).toEqual(
    stored.sort(),
  );
});

describe('the export', () => {
  it('holds everything of the person, nothing of others, and no secret', async () => {
    const { chunks, fileName } = await ownData().exportAll(her.actor);
    let text = '';
    for await (const chunk of chunks) text += chunk;
    const document = JSON.parse(text) as Record<string, unknown[]> & {
      conversations: Record<string, unknown[]>[];
    };

    expect(fileName).toMatch(/^backlogue-.+[.]json$/);
    expect(document['user']).toMatchObject([{ employee_id: alice.employeeId }]);
    expect(document.conversations).toHaveLength(1);
    for (const table of [
      'message',
      'run',
      'run_event',
      'story_draft',
      'story_draft_version',
      'creation_intent',
    ])
      expect(document.conversations[0]?.[table]?.length, table).toBeGreaterThan(0);
    expect(text).toContain(herWord);
    expect(text).not.toContain(hisWord);
    expect(text).not.toMatch(/encrypted|hashed_password/);
    for (const secret of [alice.jiraToken, alice.confluenceToken, alice.llmCookie, password])
      expect(text).not.toContain(secret);
  });
});

describe('the export by whoever runs the server', () => {
  const exportTo = (employeeId: string, file: string) =>
    exportOnePerson({ args: [employeeId, file], env: running.folder.env, print: () => {} });

  it('is the same document beside the running app, in a file for its owner alone, and audited', async () => {
    const file = join(running.folder.path, 'alice.json');
    expect(await exportTo(alice.employeeId.toLowerCase(), file)).toBe(0);

    const document = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown[]>;
    expect(document['user']).toMatchObject([{ employee_id: alice.employeeId }]);
    expect(document['conversations']).toHaveLength(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(alice.jiraToken);
    const query = {
      person: alice.employeeId,
      action: 'person.export',
      outcome: null,
      from: null,
      until: null,
    };
    const { events } = await running.app.services.administration.audit.page(other.actor, query, null);
    expect(events[0]).toMatchObject({ detail: { by: 'command' } });
    expect(verifyAudit(running.folder.env)).toMatchObject({ exitCode: 0 });
  });

  it('overwrites no file and finds nobody who is not there', async () => {
    const there = join(running.folder.path, 'config', 'config.json');
    await expect(exportTo(alice.employeeId, there)).rejects.toMatchObject({ code: 'file_exists' });
    const file = join(running.folder.path, 'nobody.json');
    await expect(exportTo('E99999', file)).rejects.toMatchObject({ code: 'person_missing' });
    expect(existsSync(file)).toBe(false);
    expect(await exportOnePerson({ args: [], env: {}, print: () => {} })).toBe(1);
  });
});

describe('the deletion', () => {
  it('deletes nothing without the password, and notes that it was refused', async () => {
    await expect(ownData().erase(her.actor, { currentPassword: 'Wrong-horse-9' })).rejects.toMatchObject({
      code: 'current_password_wrong',
    });
    expect(bytesOfData()).toContain(alice.employeeId);
    expect((await running.signIn(alice)).actor.userId).toBe(her.actor.userId);
  });

  it('leaves no trace in any file, closes the tabs, and keeps the audit chain whole under a pseudonym', async () => {
    const tab = await running.tab(await running.signIn(alice));
    const closed = new Promise<void>((resolve) => tab.socket.once('disconnect', () => resolve()));
    // What the search below relies on: all of it is there before.
    for (const word of [herWord, alice.employeeId, alice.email]) expect(bytesOfData(), word).toContain(word);

    await ownData().erase(her.actor, { currentPassword: password });

    await closed;
    compactDatabases({ files: presentDataFiles(running.app.settings.dataDir) });
    const bytes = bytesOfData();
    for (const word of [herWord, alice.employeeId, alice.email, alice.displayName])
      expect(bytes, word).not.toContain(word);
    expect(bytes).toContain(hisWord);
    const policies = await running.app.services.administration.bypass.list(other.actor);
    expect(policies.find(({ key }) => key === 'summary_length')?.policy.people).toEqual([ines.employeeId]);
    expect(verifyAudit(running.folder.env)).toMatchObject({ exitCode: 0 });
    const everything = { person: 'deleted-', action: null, outcome: null, from: null, until: null };
    const { events } = await running.app.services.administration.audit.page(other.actor, everything, null);
    expect(events.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['person.erase', 'session.sign_in']),
    );
    await expect(running.signIn(alice)).rejects.toMatchObject({ code: 'sign_in_refused' });
  });

  it('deletes conversation after conversation, and serves others in between', async () => {
    const she = await running.join(omar);
    for (let n = 0; n < 4; n += 1)
      await running.app.services.conversations.create(she.actor, { projectKey: 'DEMO', choices: {} });
    const left = new Set<number>();
    let isOver = false;
    const erased = ownData()
      .erase(she.actor, { currentPassword: password })
      .finally(() => (isOver = true));
    while (!isOver) {
      left.add((await running.app.services.conversations.list(she.actor, {})).length);
      await setImmediate();
    }
    await erased;
    expect(left).toContain(4);
    expect([1, 2, 3].filter((count) => left.has(count))).not.toEqual([]);
  });

  it('lets the same person come anew, with nothing of before', async () => {
    const anew = await running.join(alice);
    expect(anew.actor.userId).not.toBe(her.actor.userId);
    expect(await running.app.services.conversations.list(anew.actor, {})).toEqual([]);
  });
});

/** Everything of the product's own; the practice systems are remote ones, and keep what was created in them. */
function bytesOfData(): string {
  const folder = running.app.settings.dataDir;
  return readdirSync(folder)
    .filter((name) => /^(app|checkpoints)[.]db/.test(name))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
    .join('');
}
