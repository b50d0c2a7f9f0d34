import { afterAll, beforeAll, expect, test } from 'vitest';
import { alice } from '../../../src/lib/sandbox/people.ts';
import type { Problem } from '../../../src/lib/contracts/problem.ts';
import type { AppDatabase } from '../../../src/lib/server/db/connection.ts';
import { problemOf } from '../../../src/lib/server/errors/problem-of.ts';
import { createLogger } from '../../../src/lib/server/observability/logger.ts';
import { requirement, startTalk } from '../../support/main-job.ts';
import { startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

/** SQLite's own limit on the file, on the connection that the app has: it refuses as a full disk does. */
function limitRoom(db: AppDatabase, pagesLeft: number): void {
  // Pages that were freed before would be room as well.
  db.sqlite.exec('VACUUM');
  const pages = Number(db.sqlite.pragma('page_count', { simple: true }));
  db.sqlite.pragma(`max_page_count = ${pages + pagesLeft}`);
}
const makeRoom = (db: AppDatabase) => void db.sqlite.pragma('max_page_count = 1000000');

const lines: Record<string, unknown>[] = [];
let running: RunningApp;
let db: AppDatabase;
let her: SignedIn;

beforeAll(async () => {
  const destination = {
    write: (text: string) => void lines.push(JSON.parse(text) as Record<string, unknown>),
  };
  running = await startApp({
    overrides: {
      log: createLogger({ level: 'warn', destination }),
      onDatabase: (opened) => (db = opened),
    },
  });
  her = await running.join(alice);
});
afterAll(() => running.close());

const system = () => running.app.services.system;
const alarms = () => lines.filter(({ alarm }) => alarm !== undefined);

test('A full disk makes everything read-only with an alarm, and what was acked before it is there', async () => {
  const talk = await startTalk(running, her);
  await talk.say(requirement);
  limitRoom(db, 30);
  const { acked, refusal } = await addSourcesUntilRefused(talk.conversationId);

  expect(acked.length).toBeGreaterThan(0);
  expect(refusal).toMatchObject({ code: 'storage_full', retryable: true });
  expect(`${refusal.message} ${refusal.hint}`).toMatch(/nothing was saved.*is kept.*try again/);
  expect(system().outage()).toMatchObject({ fault: 'full' });
  expect(await system().readiness()).toMatchObject({
    ready: false,
    checks: { database: { ok: false, detail: expect.stringContaining('no room is left') as string } },
  });
  expect(alarms()).toMatchObject([{ alarm: 'storage_full', level: 'fatal' }]);
  expect(await metricLines()).toEqual(
    expect.arrayContaining([
      'backlogue_storage_writable 0',
      'backlogue_storage_faults_total{fault="full"} 1',
    ]),
  );

  // Reading goes on; writing is refused before the disk is asked, and with the same words everywhere.
  expect(await refsOf(talk.conversationId)).toEqual(acked);
  await expect(talk.skipQuestions()).rejects.toThrow('storage_full');
  const { conversations, preferences } = running.app.services;
  await expect(conversations.create(her.actor, { projectKey: 'DEMO', choices: {} })).rejects.toMatchObject({
    code: 'storage_full',
  });
  await expect(preferences.set(her.actor, 'theme', 'dark')).rejects.toMatchObject({ code: 'storage_full' });
  await expect(running.signIn(alice)).rejects.toMatchObject({ code: 'storage_full' });

  makeRoom(db);
  db.storage.tryAgain();
  expect(system().outage()).toBeNull();
  expect(await system().readiness()).toMatchObject({ ready: true });
  expect(lines.filter((line) => line['alarm_over'] === 'storage_full')).toHaveLength(1);
  expect(await refsOf(talk.conversationId)).toEqual(acked);
  await talk.skipQuestions();
  expect(talk.status()).toBe('needs_review');
});

test('A disk that stays full is tried again without another alarm', async () => {
  const { conversationId } = await startTalk(running, her);
  limitRoom(db, 1);
  await addSourcesUntilRefused(conversationId);
  const before = alarms().length;
  db.storage.tryAgain();
  db.storage.tryAgain();
  expect(system().outage()).toMatchObject({ fault: 'full' });
  expect(alarms()).toHaveLength(before);
  makeRoom(db);
  db.storage.tryAgain();
  expect(system().outage()).toBeNull();
});

test('A run whose events the disk refuses ends with the reason, as soon as there is room to say so', async () => {
  const talk = await startTalk(running, her);
  await talk.say(requirement);
  const answers = talk.skipped();
  let runId: string | null = null;
  // With a little more room each time, until the answers are taken and the stories that follow are not.
  for (let pagesLeft = 0; runId === null; pagesLeft++) {
    limitRoom(db, pagesLeft);
    runId = await talk.tab.ask('clarify:answer', answers).then(
      (taken) => taken.runId,
      () => null,
    );
    if (runId !== null) await expect.poll(hasUnstoredEnd, { timeout: 20_000 }).toBe(true);
    makeRoom(db);
    db.storage.tryAgain();
  }
  expect(await talk.runEnd(runId)).toMatchObject({ end: 'failed', problem: { code: 'storage_full' } });
  // The answers had been acked, so they are not asked for again.
  await talk.goOn();
  expect(talk.status()).toBe('needs_review');
});

test('What is audited while nothing can be stored is written afterwards', async () => {
  const { conversationId } = await startTalk(running, her);
  limitRoom(db, 0);
  await addSourcesUntilRefused(conversationId);
  const { audit, administration } = running.app.services;
  audit.record(her.actor, { action: 'test.while_full', outcome: 'ok' });
  expect(await system().readiness()).toMatchObject({ checks: { audit: { ok: false } } });
  makeRoom(db);
  db.storage.tryAgain();
  await expect.poll(async () => (await system().readiness()).checks['audit']).toMatchObject({ ok: true });
  const everything = { person: null, action: 'test.while_full', outcome: null, from: null, until: null };
  const { events } = await administration.audit.page(
    { ...her.actor, role: 'administrator' },
    everything,
    null,
  );
  expect(events).toHaveLength(1);
});

/** Sources are long texts: each takes several pages. Returns the refs of those that were acked. */
async function addSourcesUntilRefused(
  conversationId: string,
): Promise<{ acked: string[]; refusal: Problem }> {
  const acked: string[] = [];
  for (;;) {
    try {
      const text = `Page ${acked.length}. ${'Invoices are exported. '.repeat(400)}`;
      const source = { kind: 'text' as const, title: 'Notes', text };
      acked.push((await running.app.services.conversations.addSource(her.actor, conversationId, source)).ref);
    } catch (error) {
      return { acked, refusal: problemOf(error) };
    }
  }
}

/** A run that cannot even store how it ended leaves nothing but a line in the log. */
const hasUnstoredEnd = () => lines.some(({ message }) => message === 'The end of a run could not be stored.');

async function metricLines(): Promise<string[]> {
  const reader = { headers: new Headers(), connectionAddress: '127.0.0.1' };
  return ((await system().metrics(reader))?.text ?? '').split('\n');
}

async function refsOf(conversationId: string): Promise<string[]> {
  const { events } = await running.app.services.conversations.open(her.actor, conversationId);
  return events.flatMap((event) => (event.type === 'source_added' ? [event.body.ref] : []));
}
