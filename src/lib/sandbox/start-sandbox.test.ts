import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { alice } from './people.ts';
import { startSandbox, type Sandbox, type SandboxOptions } from './start-sandbox.ts';
import { demoStory, practiceClient } from './testing/practice-client.ts';

const open: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
});

async function start(options: Partial<SandboxOptions> = {}): Promise<Sandbox> {
  const sandbox = await startSandbox({ dataDir: ':memory:', ...options });
  open.push(sandbox);
  return sandbox;
}

const issuePath = '/rest/api/2/issue';
const createStory = (sandbox: Sandbox) =>
  practiceClient(sandbox, 'jira', alice).post<{ key: string }>(issuePath, demoStory({ labels: ['blg-1'] }));
const findStories = async (sandbox: Sandbox) => {
  const found = await practiceClient(sandbox, 'jira', alice).get<{ total: number }>(
    '/rest/api/2/search?jql=labels%3Dblg-1',
  );
  return found.json().total;
};

describe('the ledger', () => {
  it('keeps who did what, whether it took effect, and no body', async () => {
    const sandbox = await start();
    const { key } = (await createStory(sandbox)).json();
    await practiceClient(sandbox, 'jira', alice).post(issuePath, { fields: {} });
    expect(sandbox.ledger.entries({ method: 'POST' })).toMatchObject([
      { product: 'jira', person: 'E10421', path: issuePath, applied: true, status: 201, key, fault: null },
      { applied: false, status: 400, key: null },
    ]);
    expect(sandbox.ledger.entries({ key })[0]?.bodyHash).toMatch(/^[\da-f]{64}$/);
  });

  it('wakes whoever waits for a request', async () => {
    const sandbox = await start();
    const arrival = sandbox.ledger.waitFor({ method: 'POST', applied: true });
    const created = await createStory(sandbox);
    expect((await arrival).key).toBe(created.json().key);
  });
});

describe('a fault', () => {
  it('drops the connection before anything is applied', async () => {
    const sandbox = await start();
    sandbox.faults.add({
      target: 'jira',
      match: { method: 'POST' },
      times: 1,
      effect: { kind: 'drop-before' },
    });
    await expect(createStory(sandbox)).rejects.toThrow();
    expect(await findStories(sandbox)).toBe(0);
    expect(sandbox.ledger.entries({ method: 'POST' })).toMatchObject([
      { applied: false, fault: 'drop-before' },
    ]);
  });

  it.each([
    ['the answer is dropped', { kind: 'drop-after' }],
    ['the answer is cut', { kind: 'cut-body' }],
    ['the answer is a failure', { kind: 'reply', status: 502, applied: true }],
  ] as const)('applies, and yet %s', async (_what, effect) => {
    const sandbox = await start();
    sandbox.faults.add({ target: 'jira', match: { method: 'POST' }, times: 1, effect });
    const outcome = await createStory(sandbox).then(
      ({ status }) => status,
      () => 'broken',
    );
    expect(outcome).toBe(effect.kind === 'reply' ? 502 : 'broken');
    expect(await findStories(sandbox)).toBe(1);
    expect(sandbox.ledger.entries({ method: 'POST' })).toMatchObject([
      { applied: true, status: 201, fault: effect.kind },
    ]);
  });

  it('answers what the rule says, as often as it says, to the person and path that it names', async () => {
    const sandbox = await start();
    sandbox.faults.add({
      target: 'jira',
      match: { person: 'E10421', pathPattern: '/issue/DEMO-\\d+$' },
      times: 1,
      effect: {
        kind: 'reply',
        status: 429,
        headers: { 'retry-after': '7' },
        body: '{"errorMessages":["Rate limit exceeded."]}',
      },
    });
    const jira = practiceClient(sandbox, 'jira', alice);
    expect((await jira.get('/rest/api/2/myself')).status).toBe(200);
    const limited = await jira.get(`${issuePath}/DEMO-1`);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await jira.get(`${issuePath}/DEMO-1`)).status).toBe(200);
  });

  it('answers broken JSON', async () => {
    const sandbox = await start();
    sandbox.faults.add({ target: 'confluence', effect: { kind: 'malformed-body' } });
    const answer = await practiceClient(sandbox, 'confluence', alice).get('/rest/api/space');
    expect(answer.status).toBe(200);
    expect(() => answer.json()).toThrow(SyntaxError);
  });

  it('hides from as many searches as it says what was created just now, while reading it works', async () => {
    const sandbox = await start();
    sandbox.faults.add({ target: 'jira', times: 2, effect: { kind: 'index-lag', ms: 60_000 } });
    const { key } = (await createStory(sandbox)).json();
    expect((await practiceClient(sandbox, 'jira', alice).get(`${issuePath}/${key}`)).status).toBe(200);
    expect([await findStories(sandbox), await findStories(sandbox), await findStories(sandbox)]).toEqual([
      0, 0, 1,
    ]);
  });

  it('holds a request until the sandbox closes', async () => {
    const sandbox = await start();
    sandbox.faults.add({ target: 'jira', effect: { kind: 'hang' } });
    const pending = createStory(sandbox).then(
      () => 'answered',
      () => 'ended',
    );
    await sandbox.ledger.waitFor({ method: 'POST' });
    await sandbox.close();
    expect(await pending).toBe('ended');
  });
});

describe('the control endpoint', () => {
  it('switches faults and reads the ledger for whoever has the secret', async () => {
    const sandbox = await start();
    const headers = { 'x-sandbox-secret': sandbox.controlSecret };
    const control = (method: string, path: string, body?: unknown) =>
      fetch(sandbox.controlUrl + path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const rule = {
      target: 'jira',
      match: { path: '/rest/api/2/myself' },
      effect: { kind: 'reply', status: 503 },
    };
    expect((await control('POST', '/faults', rule)).status).toBe(201);
    const jira = practiceClient(sandbox, 'jira', alice);
    expect((await jira.get('/rest/api/2/myself')).status).toBe(503);
    expect((await control('DELETE', '/faults')).status).toBe(204);
    expect((await jira.get('/rest/api/2/myself')).status).toBe(200);
    const ledger = (await (await control('GET', '/ledger?product=jira&applied=false')).json()) as unknown[];
    expect(ledger).toMatchObject([{ status: 503, applied: false }]);
    expect((await control('POST', '/faults', [rule, { target: 'moon' }])).status).toBe(400);
    expect((await control('DELETE', '/ledger')).status).toBe(204);
    expect(sandbox.ledger.entries()).toEqual([]);
  });

  it('tells nothing to anybody else', async () => {
    const sandbox = await start();
    for (const secret of ['', 'x'.repeat(sandbox.controlSecret.length)]) {
      const answer = await fetch(`${sandbox.controlUrl}/ledger`, { headers: { 'x-sandbox-secret': secret } });
      expect([answer.status, await answer.text()]).toEqual([404, '']);
    }
  });
});

describe('a sandbox', () => {
  it('keeps what was made, and only that, over a restart', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-'));
    try {
      const first = await startSandbox({ dataDir });
      const { key } = (await createStory(first)).json();
      await practiceClient(first, 'jira', alice).delete(`${issuePath}/${key}`);
      const kept = (await createStory(first)).json().key;
      await first.close();

      const second = await start({ dataDir });
      const found = await practiceClient(second, 'jira', alice).get<{ issues: { key: string }[] }>(
        '/rest/api/2/search?jql=labels%3Dblg-1',
      );
      expect(found.json().issues.map((issue) => issue.key)).toEqual([kept]);
      expect((await createStory(second)).json().key).toBe(`DEMO-${Number(kept.replace('DEMO-', '')) + 1}`);
      expect(second.ledger.entries({ method: 'DELETE' })).toHaveLength(1);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });

  it('refuses a taken port and leaves nothing running', async () => {
    const first = await start();
    const taken = Number(new URL(first.confluenceUrl).port);
    await expect(start({ ports: { confluence: taken } })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('may run several times in one process, each with data of its own', async () => {
    const [first, second] = await Promise.all([start(), start()]);
    await createStory(first);
    expect([await findStories(first), await findStories(second)]).toEqual([1, 0]);
  });
});
