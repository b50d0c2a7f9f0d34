import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientEvents, type ClientEventName } from '../../src/lib/contracts/socket-events.ts';
import { alice, ines, omar } from '../../src/lib/sandbox/people.ts';
import { startLiveProduct, type LiveProduct } from '../support/live-product.ts';
import { requirement, talkOver, type Talk } from '../support/main-job.ts';
import {
  comparable,
  expectNothingOfAlice,
  readThings,
  refusalOf,
  stateOf,
  withoutIds,
} from '../support/isolation-evidence.ts';
import { createVisitor, type Visitor } from '../support/page-visitor.ts';
import {
  administrators,
  aliceWord,
  everybody,
  foreignEvents,
  foreignThings,
  lastOnes,
  nobodys,
  ownOnly,
  type Things,
} from '../support/isolation-replays.ts';
import { routeInventory } from '../support/route-inventory.ts';
import { openSocketTab, type OpenTab } from '../support/socket-client.ts';

let product: LiveProduct;
let aliceHere: Visitor;
let omarHere: Visitor;
let inesHere: Visitor;
let aliceTab: OpenTab;
let omarTab: OpenTab;
let talk: Talk;
let hers: Things;
/** Everything that the database keeps of Alice, as one hash. */
let stateOfAlice: () => string;

beforeAll(async () => {
  product = await startLiveProduct();
  [aliceHere, omarHere, inesHere] = [createVisitor(product), createVisitor(product), createVisitor(product)];
  await aliceHere.join(alice);
  await aliceHere.act('/profile?/createKey', { name: 'nightly', days: '30' });
  await omarHere.join(omar);
  await inesHere.join(ines);
  const tabOf = (visitor: Visitor) =>
    openSocketTab(product.channelUrl, { cookie: visitor.cookieHeader(), origin: product.origin });
  aliceTab = await tabOf(aliceHere);
  omarTab = await tabOf(omarHere);

  const text = `${requirement} It is for the ${aliceWord}.`;
  const created = await aliceHere.submit('/creator?/create', { text, projectKey: 'DEMO' });
  const conversationId = created.headers.location?.split('/').at(-1) ?? '';
  talk = talkOver(aliceTab, conversationId);
  await talk.joined();
  await aliceTab.until(() => ['needs_answer', 'needs_review'].includes(talk.status()));
  while (talk.status() === 'needs_answer') await talk.skipQuestions();
  await talk.approve(talk.ready().slice(0, 1));
  await talk.untilStatus('needs_review');
  hers = readThings(product, conversationId);
  stateOfAlice = () => stateOf(product, hers);
});

afterAll(async () => {
  for (const tab of [aliceTab, omarTab]) tab?.close();
  await product?.stop();
});

describe('the inventory', () => {
  it('holds every address of the product: a new one is placed in one of the lists above', () => {
    const placed = [foreignThings, administrators, ownOnly, everybody, lastOnes].flatMap(Object.keys);
    expect(placed.sort()).toEqual(
      routeInventory()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('holds every event of the channel', () => {
    expect(Object.keys(foreignEvents).sort()).toEqual(Object.keys(clientEvents).sort());
  });

  it('is asked with ids that are really there for Alice', async () => {
    expect(Object.values(hers).every((id) => id.length > 8)).toBe(true);
    const seen = await aliceHere.get(`/creator/${hers.conversationId}`);
    expect([seen.status, seen.body.includes(aliceWord)]).toEqual([200, true]);
    expect((await aliceHere.get(`/api/jobs/${hers.jobId}`)).status).toBe(200);
  });
});

describe("what is somebody else's looks like what is not there", () => {
  it.each(Object.entries(foreignThings))('%s', async (_name, replay) => {
    const before = stateOfAlice();
    const theirs = await replay(omarHere, hers);
    const missing = await replay(omarHere, nobodys);
    expect(comparable(theirs, hers)).toEqual(comparable(missing, nobodys));
    expect(refusalOf(theirs)).toBe(404);
    expect(stateOfAlice()).toBe(before);
  });

  it.each(Object.keys(clientEvents) as ClientEventName[])('event %s', async (name) => {
    const before = stateOfAlice();
    // What is malformed would be refused for that, whosever it is.
    expect(clientEvents[name].payload.safeParse(foreignEvents[name](hers)).error).toBeUndefined();
    const theirs = await omarTab.emit(name, foreignEvents[name](hers));
    const missing = await omarTab.emit(name, foreignEvents[name](nobodys));
    expect(withoutIds(JSON.stringify(theirs), hers)).toBe(withoutIds(JSON.stringify(missing), nobodys));
    expect(JSON.stringify(theirs)).not.toContain(aliceWord);
    expect(stateOfAlice()).toBe(before);
  });

  const commands = (Object.keys(clientEvents) as ClientEventName[]).filter(
    (name) => !['conversation:join', 'conversation:leave'].includes(name),
  );
  it.each(commands)('the same by POST: %s', async (name) => {
    const before = stateOfAlice();
    const post = (things: Things) =>
      omarHere.post(
        `/api/conversations/${things.conversationId}/commands/${name}`,
        foreignEvents[name](things),
      );
    const [theirs, missing] = [await post(hers), await post(nobodys)];
    expect(comparable(theirs, hers)).toEqual(comparable(missing, nobodys));
    expect(theirs.status).toBe(404);
    expect(stateOfAlice()).toBe(before);
  });

  it('and no event of hers reached him', () => {
    expect(JSON.stringify(omarTab.seen)).not.toContain(aliceWord);
    expect(JSON.stringify(omarTab.seen)).not.toContain(hers.conversationId);
  });

  it("his own conversation does not lend him hers: drafts and intents of one do not open through another's", async () => {
    const created = await omarHere.submit('/creator?/create', {
      text: 'A list of invoices',
      projectKey: 'DEMO',
    });
    const conversationId = created.headers.location?.split('/').at(-1) ?? '';
    const before = stateOfAlice();
    for (const name of ['draft:edit', 'draft:discard', 'draft:fields', 'creation:resolve'] as const) {
      const theirs = await omarTab.emit(name, foreignEvents[name]({ ...hers, conversationId }));
      const missing = await omarTab.emit(name, foreignEvents[name]({ ...nobodys, conversationId }));
      expect(withoutIds(JSON.stringify(theirs), hers), name).toBe(
        withoutIds(JSON.stringify(missing), nobodys),
      );
      expect(theirs.ok, name).toBe(false);
    }
    expect(stateOfAlice()).toBe(before);
  });
});

describe("administrators' addresses", () => {
  it.each(Object.entries(administrators))('%s is not there for others', async (_name, replay) => {
    const before = stateOfAlice();
    const refused = await replay(omarHere, hers);
    expect(refusalOf(refused)).toBe(404);
    expect(refused.body).toContain('There is nothing at this address.');
    expectNothingOfAlice(refused);
    expect(stateOfAlice()).toBe(before);
  });

  it('open for one', async () => {
    for (const path of [
      '/admin',
      '/admin/audit',
      '/admin/people',
      '/admin/rules',
      '/admin/audit/export?format=csv',
    ])
      expect((await inesHere.get(path)).status, path).toBe(200);
  });

  it("show administrators nothing of what a person wrote, nor anybody's secret", async () => {
    for (const path of ['/admin', '/admin/audit', '/admin/people', '/admin/audit/export?format=jsonl']) {
      const { body } = await inesHere.get(path);
      expect(body).not.toContain(aliceWord);
      for (const secret of [alice.jiraToken, alice.confluenceToken, alice.llmCookie])
        expect(body).not.toContain(secret);
    }
    expect((await inesHere.get(`/creator/${hers.conversationId}`)).status).toBe(404);
  });
});

describe('an address that names nothing answers with what is the own', () => {
  it.each(Object.entries(ownOnly))('%s', async (_name, replay) => {
    const before = stateOfAlice();
    const answer = await replay(omarHere, nobodys);
    expectNothingOfAlice(answer);
    // His own export tells what he attempted, so the ids of hers that he sent himself in the tests above.
    const told = answer.body.replace(/^"audit_event":\[.*$/m, '');
    for (const id of Object.values(hers)) expect(told).not.toContain(id);
    expect(stateOfAlice()).toBe(before);
  });
});

describe('somebody who is not signed in', () => {
  const closed = Object.entries({ ...foreignThings, ...administrators, ...ownOnly });
  it.each(closed)('is not let into %s', async (_name, replay) => {
    const before = stateOfAlice();
    const refused = await replay(createVisitor(product), hers);
    const missing = await replay(createVisitor(product), nobodys);
    const status = refusalOf(refused);
    expect([303, 401]).toContain(status);
    if (status === 303) expect(refused.headers.location ?? refused.body).toContain('/sign-in');
    expect(comparable(refused, hers)).toEqual(comparable(missing, nobodys));
    expectNothingOfAlice(refused);
    expect(stateOfAlice()).toBe(before);
  });

  it.each(Object.entries(everybody))('learns nothing of anybody from %s', async (_name, replay) => {
    expectNothingOfAlice(await replay(createVisitor(product), hers));
  });

  it('is not let into the channel', async () => {
    const stranger = { cookie: 'backlogue-session=nothing', origin: product.origin };
    await expect(openSocketTab(product.channelUrl, stranger)).rejects.toThrow('session_over');
  });
});

it("signing out everywhere ends one's own sessions and nobody else's", async () => {
  const again = createVisitor(product);
  await again.signIn(omar.employeeId);
  await lastOnes['POST /profile?/everywhere']?.(again, hers);
  expect((await omarHere.get('/dashboard')).status).toBe(303);
  expect((await aliceHere.get('/dashboard')).status).toBe(200);
});
