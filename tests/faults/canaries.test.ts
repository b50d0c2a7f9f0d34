import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultRule } from '../../src/lib/sandbox/faults.ts';
import { alice, ines, omar } from '../../src/lib/sandbox/people.ts';
import { systemClock } from '../../src/lib/server/clock.ts';
import { makeBackup } from '../../src/lib/server/operations/make-backup.ts';
import { releaseSecrets } from '../support/canary-secrets.ts';
import { createCanaryWatch } from '../support/canaries.ts';
import { startLiveProduct, type LiveProduct } from '../support/live-product.ts';
import { createLoopback } from '../support/loopback.ts';
import { requirement, talkOver, type Talk } from '../support/main-job.ts';
import { expectLogOfFullRun, expectTrees } from '../support/observed-run.ts';
import { startOtlpReceiver } from '../support/otlp-receiver.ts';
import { quotingReplies } from '../support/quoting-replies.ts';
import { createVisitor, type Visitor } from '../support/page-visitor.ts';
import { password } from '../support/running-app.ts';
import { openSocketTab, type OpenTab } from '../support/socket-client.ts';

const watch = createCanaryWatch();
const { secrets, wrong, typed, environmentValue, keyBody } = releaseSecrets(watch);

const kinds = ['jira', 'confluence', 'llm'] as const;

const loopback = createLoopback();
let collector: Awaited<ReturnType<typeof startOtlpReceiver>>;
let product: LiveProduct;
let visitor: Visitor;
let admin: Visitor;
let tab: OpenTab;
let talk: Talk;
/** Every answer that a browser got, but those to a person who asked for their own secret. */
const told: string[] = [];
let paths = 0;

beforeAll(async () => {
  collector = await startOtlpReceiver(loopback);
  product = await startLiveProduct({
    env: { COMPANY_SECRET: environmentValue, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    modelHeaders: { 'x-company-key': '${COMPANY_SECRET}' },
  });
  [visitor, admin] = [createVisitor(product), createVisitor(product)];
  await visitor.join(alice);
  await admin.join(ines);
  await createVisitor(product).join(omar);
  tab = await openSocketTab(product.channelUrl, { cookie: visitor.cookieHeader(), origin: product.origin });
  const created = await visitor.submit('/creator?/create', { text: requirement, projectKey: 'DEMO' });
  talk = talkOver(tab, created.headers.location?.split('/').at(-1) ?? '');
  await talk.joined();
  await tab.until(() => ['needs_answer', 'needs_review'].includes(talk.status()));
  while (talk.status() === 'needs_answer') await talk.skipQuestions();
});

afterAll(async () => {
  tab?.close();
  await product?.stop();
  await loopback.close();
});

describe('a secret that goes through a failure', () => {
  const cases = kinds.flatMap((kind) =>
    Object.entries(quotingReplies(secrets[kind])).map(([name, effect]) => ({ kind, name, effect })),
  );
  it.each(cases)('is quoted by $kind while it is tested: $name', async ({ kind, effect }) => {
    await withFault({ target: kind, effect }, () => act('/configurations?/save', connection(kind)));
  });

  it.each(kinds)('is wrong, and %s refuses it', async (kind) => {
    await act('/configurations?/save', { ...connection(kind), secret: wrong[kind] });
    await withFault({ target: kind, effect: quotingReplies(wrong[kind])['400 in words of Jira'] }, () =>
      act('/configurations?/save', connection(kind)),
    );
    await act('/configurations?/save', { ...connection(kind), secret: secrets[kind] });
  });

  it.each(Object.entries(quotingReplies(wrong.jira)))(
    'is quoted at registration: %s',
    async (_name, effect) => {
      const fresh = createVisitor(product);
      await withFault({ target: 'jira', effect }, async () => {
        keep(await fresh.submit('/register', { jiraToken: wrong.jira }));
      });
    },
  );

  const modelReplies = Object.entries(quotingReplies(secrets.llm)).filter(([name]) => !name.includes('200'));
  it.each(modelReplies)(
    'is quoted by the model in the middle of a conversation: %s',
    async (_name, effect) => {
      await withFault({ target: 'llm', effect }, async () => {
        const { runId } = await talk.send('Make it shorter.');
        await talk.runEnd(runId ?? '');
      });
    },
  );

  it.each(Object.entries(quotingReplies(environmentValue)))(
    'of the configuration is quoted by the model: %s',
    async (_name, effect) => {
      await withFault({ target: 'llm', effect }, () => act('/configurations?/save', connection('llm')));
    },
  );

  it('passes its tests again, or the next paths would be closed', async () => {
    for (const kind of kinds) await act('/configurations?/save', connection(kind));
    expect((await visitor.get('/creator')).body).not.toContain('has been tested');
  });

  const jiraReplies = Object.entries(quotingReplies(secrets.jira)).filter(([name]) =>
    /40[0-4]|500/.test(name),
  );
  it.each(jiraReplies)(
    'is quoted by Jira while projects and issue types are read: %s',
    async (_name, effect) => {
      await withFault({ target: 'jira', effect }, async () => {
        keep(await visitor.get('/creator/projects'));
        keep(await visitor.get('/creator/choices?project=DEMO'));
      });
    },
  );

  it.each(jiraReplies.slice(0, 3))(
    'is quoted by Jira when an issue is created: %s',
    async (_name, effect) => {
      if (talk.status() !== 'needs_review') await talk.say(requirement);
      while (talk.status() === 'needs_answer') await talk.skipQuestions();
      const story = talk.ready()[0];
      if (!story) throw new Error('There is no story to create.');
      await withFault({ target: 'jira', match: { method: 'POST', path: '/rest/api/2/issue' }, effect }, () =>
        talk.approve([story]),
      );
    },
  );

  it('is quoted by a page that is read as a source', async () => {
    for (const effect of Object.values(quotingReplies(secrets.confluence)).slice(0, 6))
      await withFault({ target: 'confluence', effect }, async () => {
        const page = `${product.sandbox.confluenceUrl}/pages/viewpage.action?pageId=100`;
        const { runId } = await talk.send(`See ${page}`);
        await talk.runEnd(runId ?? '');
      });
  });

  it('is quoted when the tools are read', async () => {
    for (const effect of Object.values(quotingReplies(secrets.jira)).slice(0, 3))
      await withFault({ target: 'jira', effect }, () => act('/tools?/refresh', {}));
    keep(await visitor.get('/tools'));
  });

  it('is typed where it does not belong', async () => {
    const fresh = createVisitor(product);
    keep(await fresh.submit('/sign-in', { login: alice.employeeId, password: typed.password }));
    // What was typed into a field that hides nothing comes back in it: only logs and data count here.
    await fresh.submit('/sign-in', { login: typed.asLogin, password: typed.password });
    await fresh.submit('/sign-in', { unknown: typed.inForm });
    keep(await fresh.send('/dashboard', { headers: { authorization: `Bearer ${typed.inHeader}` } }));
    keep(await fresh.send('/dashboard', { headers: { cookie: `backlogue-session=${typed.inHeader}` } }));
    keep(await fresh.send('/api/jobs', { headers: { authorization: `Bearer ${typed.inHeader}` } }));
    await fresh.send(`/nothing?token=${typed.inQuery}`);
    await act('/profile?/password', {
      currentPassword: typed.password,
      password: typed.newPassword,
      passwordAgain: 'another one',
    });
    await visitor.act('/configurations?/save', {
      ...connection('confluence'),
      url: `http://alice:${typed.inAddress}@localhost:9/`,
    });
    paths += 9;
  });

  it('lies beside a certificate that is uploaded', async () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${keyBody}\n-----END PRIVATE KEY-----\n`;
    const head = Object.entries({ kind: 'jira', verifyTls: 'on' }).map(
      ([name, value]) =>
        `--form-boundary-7\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const file = `--form-boundary-7\r\nContent-Disposition: form-data; name="ca"; filename="ca.pem"\r\nContent-Type: application/x-pem-file\r\n\r\n${pem}\r\n--form-boundary-7--\r\n`;
    const answer = await visitor.send('/configurations?/save', {
      method: 'POST',
      headers: {
        accept: 'text/html',
        origin: product.origin,
        'content-type': 'multipart/form-data; boundary=form-boundary-7',
      },
      body: head.join('') + file,
    });
    keep(answer);
    expect(answer.status).toBe(400);
  });

  it('comes in events that no contract fits', async () => {
    const { conversationId } = talk;
    const malformed = [
      ['message:send', { conversationId, messageId: typed.inPayload, text: 'x' }],
      ['message:send', { conversationId, messageId: ulid(), text: '', token: typed.inPayload }],
      ['draft:edit', { conversationId, draftId: typed.inPayload, baseVersion: 'one', edit: {} }],
      ['creation:resolve', { conversationId, intentId: 'i', choice: typed.inPayload }],
      [`token:${typed.inPayload}`, {}],
    ] as const;
    for (const [name, payload] of malformed)
      await tab.socket
        .timeout(300)
        .emitWithAck(name, payload)
        .catch(() => undefined);
    paths += malformed.length;
  });
});

it('is quoted on about sixty paths in all', () => {
  expect(watch.count()).toBeGreaterThanOrEqual(20);
  expect(paths).toBeGreaterThanOrEqual(60);
});

describe('afterwards', () => {
  it("a person's own secret can still be shown to them, once asked for", async () => {
    const { body } = await visitor.act('/configurations?/reveal', {
      kind: 'jira',
      currentPassword: password,
    });
    expect(body).toContain(alice.jiraToken);
  });

  it('no page, no answer and no event told one', async () => {
    for (const path of [
      '/dashboard',
      '/configurations',
      '/tools',
      '/profile',
      `/creator/${talk.conversationId}`,
    ])
      keep(await visitor.get(path));
    for (const path of ['/admin', '/admin/people', '/admin/audit', '/admin/audit/export?format=jsonl'])
      keep(await admin.get(path));
    expect(watch.inText(told.join('\n'), 'answers')).toEqual([]);
    expect(watch.inText(JSON.stringify(tab.seen), 'events')).toEqual([]);
  });

  it('no log line holds one, at the most talkative level', () => {
    expect(product.log().length).toBeGreaterThan(1_000);
    expect(watch.inText(product.log(), 'log')).toEqual([]);
  });

  it('every line of it is one of the log, with the same keys, and each way in and out has its line', () =>
    expectLogOfFullRun(product.standardOutput()));

  it('nor does any file of the data folder, while it runs or after a stop', async () => {
    expect(watch.inFolder(product.dataDir)).toEqual([]);
    await product.end('SIGTERM');
    expect(watch.inFolder(product.dataDir)).toEqual([]);
  });

  it('nor does any span that the collector got, down to those of the stop', () => {
    expect(collector.spans().map(({ name }) => name)).toEqual(expect.arrayContaining(['run', 'node draft']));
    expect(watch.inText(collector.text(), 'traces')).toEqual([]);
  });

  it('and the spans form trees, from what a person did down to the call that left', () =>
    expectTrees(collector));

  it('nor does a backup', async () => {
    const into = `${product.dataDir}-backups`;
    const { manifest } = await makeBackup({
      dataDir: product.dataDir,
      into,
      version: '0',
      clock: systemClock,
    });
    expect(manifest.files.map(({ name }) => name)).toEqual(['app.db', 'checkpoints.db']);
    expect(watch.inFolder(into)).toEqual([]);
  });
});

async function withFault(
  rule: Omit<FaultRule, 'effect'> & { effect: FaultRule['effect'] | undefined },
  work: () => Promise<unknown>,
) {
  if (!rule.effect) throw new Error('There is no such reply.');
  const id = product.sandbox.faults.add({ ...rule, effect: rule.effect });
  try {
    await work();
    paths += 1;
  } finally {
    product.sandbox.faults.remove(id);
  }
}

async function act(path: string, fields: Record<string, string>): Promise<void> {
  keep(await visitor.act(path, fields));
}

function connection(kind: (typeof kinds)[number]): Record<string, string> {
  return { kind, verifyTls: 'on', then: 'test' };
}

function keep({ body, headers }: { body: string; headers: object }): void {
  told.push(body, JSON.stringify({ ...headers, 'set-cookie': undefined }));
}
