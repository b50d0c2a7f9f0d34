import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFaults, type Faults } from '../faults.ts';
import { listenOnLoopback, type ListeningServer } from '../http.ts';
import { createLedger } from '../ledger.ts';
import { alice, createPeople, inactivePerson } from '../people.ts';
import { createPracticeLlm } from './practice-llm.ts';

let server: ListeningServer;
let faults: Faults;

beforeEach(async () => {
  faults = createFaults();
  const ledger = createLedger({ db: new Database(':memory:'), clock: { now: () => Date.now() } });
  const pace = { firstTokenMs: 0, tokenMs: 0 };
  server = await listenOnLoopback(0, () =>
    createPracticeLlm({ people: createPeople(), faults, ledger, pace }),
  );
});

afterEach(() => server.close());

describe('The practice model on the wire', () => {
  it('names the owner of a cookie and refuses one that it does not know, or whose owner left', async () => {
    const whoAmI = (cookie: string) =>
      fetch(`${server.origin}/v1/whoami`, { headers: { cookie: `session=${cookie}` } });
    await expect((await whoAmI(alice.llmCookie)).json()).resolves.toMatchObject({ employeeId: 'E10421' });
    expect((await whoAmI('wrong')).status).toBe(401);
    expect((await whoAmI(inactivePerson.llmCookie)).status).toBe(401);
  });

  it('streams deltas that add up to the answer, then usage, then the end mark', async () => {
    const frames = (await (await generate({ call: 'test' })).text()).split('\n\n').filter(Boolean);
    const datas = frames.map((frame) => frame.slice('data: '.length));
    expect(datas.at(-1)).toBe('[DONE]');
    expect(JSON.parse(datas.at(-2) ?? '')).toMatchObject({ usage: { output: expect.any(Number) } });
    const text = datas
      .slice(0, -2)
      .map((data) => (JSON.parse(data) as { delta: string }).delta)
      .join('');
    expect(text).toBe('The practice writer is here. It follows rules and is no language model.');
  });

  it('answers at once when no stream is asked for', async () => {
    await expect((await generate({ call: 'test', stream: false })).json()).resolves.toMatchObject({
      text: expect.stringContaining('practice writer'),
    });
  });

  it('asks for the tools that it is offered before it answers a question, and answers from what they gave', async () => {
    const tools = ['search_issues', 'get_issue'].map((name) => ({ type: 'function', function: { name } }));
    const ask = { role: 'user', content: '<question>\nWhat do we already have on exports?\n</question>' };
    const first = await generate({ call: 'converse', tools, messages: [ask] });
    const calls = [
      {
        function: { name: 'search_issues', arguments: '{"jql":"text ~ \\"export\\" ORDER BY updated DESC"}' },
      },
    ];
    expect(await first.text()).toContain(`"name":"search_issues"`);
    const found = {
      role: 'tool',
      content: '<issues>\nDEMO-3 Import orders (Open)\nDEMO-7 Export orders (Open)\n</issues>',
    };
    const asked = { role: 'assistant', content: '', tool_calls: calls };
    const second = await generate({ call: 'converse', tools, messages: [ask, asked, found], stream: false });
    await expect(second.json()).resolves.toMatchObject({
      text: '',
      tool_calls: [{ function: { name: 'get_issue', arguments: '{"key":"DEMO-7"}' } }],
    });
    const opened = { role: 'tool', content: '<issue key="DEMO-7">\nDEMO-7 Export orders (Open)\n</issue>' };
    const messages = [ask, asked, found, asked, opened];
    await expect(
      (await generate({ call: 'converse', tools, messages, stream: false })).json(),
    ).resolves.toMatchObject({
      text: expect.stringContaining('DEMO-7 Export orders (Open)') as string,
      tool_calls: [],
    });
    const untold = await generate({ call: 'converse', messages: [ask], stream: false });
    await expect(untold.json()).resolves.toMatchObject({ tool_calls: [] });
  });

  it('says what is wrong with a body that it cannot take', async () => {
    const answer = await generate({ messages: [] });
    expect(answer.status).toBe(400);
    await expect(answer.json()).resolves.toMatchObject({ error: { code: 'bad_request' } });
  });

  it('writes in a bad habit for the calls that a fault names', async () => {
    faults.add({ target: 'llm', match: { call: 'draft' }, effect: { kind: 'scenario', name: 'code fence' } });
    const texts = await Promise.all(
      ['clarify', 'draft'].map(async (call) => {
        const answer = await generate({ call, stream: false });
        return ((await answer.json()) as { text: string }).text;
      }),
    );
    expect(texts).toEqual([expect.not.stringContaining('```'), expect.stringContaining('```json')]);
  });

  it('breaks off midway when a fault says so', async () => {
    faults.add({ target: 'llm', effect: { kind: 'cut-body', afterBytes: 10 } });
    await expect(generate({ call: 'test' }).then((answer) => answer.text())).rejects.toThrow();
  });
});

function generate(body: object): Promise<Response> {
  return fetch(`${server.origin}/v1/generate`, {
    method: 'POST',
    headers: { cookie: `session=${alice.llmCookie}`, 'content-type': 'application/json' },
    body: JSON.stringify({ messages: [{ role: 'user', content: 'hello' }], ...body }),
  });
}
