import { beforeEach, describe, expect, it } from 'vitest';
import { CompanyChatModel } from '../../server/adapters/company-chat-model.ts';
import { readConversation } from '../conversation.ts';
import { converse } from '../nodes/converse.ts';
import { readings, type RunInput } from '../ports.ts';
import type { State } from '../state.ts';
import { memoryWorld, type MemoryWorld } from '../testing/memory-world.ts';
import {
  Asking,
  scriptedModel,
  stalling,
  type Reply,
  type ScriptedModel,
} from '../testing/scripted-model.ts';
import { answerWithTools, compileReader, type ResearchLimits } from './answer-with-tools.ts';
import { createReadingLog } from './reading-log.ts';
import { readingTools } from './reading-tools.ts';

let world: MemoryWorld;
beforeEach(() => {
  world = memoryWorld();
});

type Message = Extract<RunInput, { kind: 'message' }>;
const state = { summary: '', summaryUpTo: '' } as unknown as State;
const limits: ResearchLimits = { rounds: 4, readings: 3, totalMs: 60_000 };
const search = { name: 'search_issues', input: { jql: 'text ~ "export"' } };
const open = { name: 'get_issue', input: { key: 'DEMO-7' } };

function asks(...replies: Reply[]): ScriptedModel {
  const model = scriptedModel({ converse: replies });
  world.toolModel = (onDelta) => new CompanyChatModel({ model, onDelta });
  return model;
}

async function answer(model: ScriptedModel, most: ResearchLimits = limits, signal?: AbortSignal) {
  const context = world.context(model, signal);
  const input = world.says('What do we have on exports?') as Message;
  return answerWithTools(context, await readConversation(context, state), input, most);
}

describe('A question, with a model that asks for tools', () => {
  it('is answered from what the tools read, each result fenced as data', async () => {
    const model = asks(
      () => new Asking('Let me look.', [search]),
      () => new Asking('', [open, { name: 'get_page', input: { pageId: '70' } }]),
      () => 'DEMO-7 exports orders.',
    );
    const found = await answer(model);
    expect(found?.text).toBe('DEMO-7 exports orders.');
    expect(world.read).toEqual(['search text ~ "export"', 'issue DEMO-7', 'page 70']);
    const told = model.calls.at(-1)?.messages.filter(({ role }) => role === 'tool');
    expect(told?.map(({ content }) => content)).toEqual([
      '<issues>\nDEMO-7 Export orders (Open)\n</issues>',
      expect.stringContaining(
        '<issue key="DEMO-7">\nDEMO-7 Export orders (Open)\nType: Story\nLabels: exports',
      ),
      '<page id="70" title="Exports">\nExports are kept for ten years.\n</page>',
    ]);
    expect(found?.read.map(({ ref, opened }) => [ref, opened])).toEqual([
      ['DEMO-7', true],
      ['70', true],
    ]);
  });

  it('streams as it comes, and shows each reading as a step', async () => {
    const found = await answer(
      asks(
        () => new Asking('Let me look. ', [search]),
        () => 'Here it is.',
      ),
    );
    expect(world.streams.get(found?.messageId ?? '')).toEqual({
      channel: 'message',
      text: 'Let me look. Here it is.',
      ended: { text: null, cut: false },
    });
    expect(world.steps).toContain('Searching Jira: text ~ "export": 1 issue');
  });

  it('is offered exactly what the person’s tools offer, compiled and told', async () => {
    world.readable = ['searchIssues', 'getIssue'];
    const model = asks(() => 'Nothing.');
    await answer(model);
    expect(model.calls[0]?.tools?.map(({ name }) => name)).toEqual(['search_issues', 'get_issue']);
  });

  it.each([
    ['the model cannot ask for tools', () => (world.toolModel = null)],
    ['no tool is offered', () => (world.readable = [])],
  ])('is left to the fixed way where %s', async (_, arrange) => {
    const model = asks(() => 'unused');
    arrange();
    expect(await answer(model)).toBeNull();
    expect(model.calls).toEqual([]);
  });

  it('is left to the fixed way where the model refuses tools, and nothing of the try stays in sight', async () => {
    const refused = () => {
      throw new Error('tools are not supported');
    };
    expect(await answer(asks(refused))).toBeNull();
    expect(await answer(asks(() => new Asking('Half a thought', [search]), refused))).toBeNull();
    expect([...world.streams.values()]).toEqual([
      { channel: 'message', text: 'Half a thought', ended: { text: '', cut: false } },
    ]);
  });

  it('goes on when a reading fails, is refused, or is asked for in a wrong shape', async () => {
    world.faults.read = Object.assign(new Error('Jira does not answer.'), { code: 'jira_down' });
    const model = asks(
      () => new Asking('', [search]),
      () => new Asking('', [{ name: 'get_issue', input: { key: 'x; DROP' } }]),
      () => new Asking('', [{ name: 'get_issue', input: '{"key": "DEMO-7' }]),
      () => 'I could not read it.',
    );
    expect((await answer(model, { ...limits, rounds: 6 }))?.text).toBe('I could not read it.');
    const told = model.calls.flatMap(({ messages }) => messages).filter(({ role }) => role === 'tool');
    expect(told[0]?.content).toBe('That could not be read: Jira does not answer.');
    expect(told.some(({ content }) => content.includes('key'))).toBe(true);
  });
});

describe('The bounds of an answer', () => {
  it('end a model that asks for ever, with what was read', async () => {
    const found = await answer(asks(() => new Asking('', [search])));
    expect(found?.text).toContain('did not come to an answer');
    expect(found?.read).toMatchObject([{ ref: 'DEMO-7' }]);
    expect(world.read).toHaveLength(limits.readings);
  });

  it('tell the model when enough was read', async () => {
    const model = asks(
      () => new Asking('', [search, search, search, search, search]),
      ({ messages }) => String(messages.at(-1)?.content),
    );
    expect((await answer(model))?.text).toContain('Nothing more can be read');
    expect(world.read).toHaveLength(limits.readings);
  });

  it('keep what tools bring in below a share of the window', async () => {
    world.settings.contextTokens = 4_000;
    const model = asks(
      () => new Asking('', [open, open, open]),
      () => 'Done.',
    );
    world.issueDescription = 'x'.repeat(100_000);
    await answer(model);
    const told =
      model.calls[1]?.messages.filter(({ role }) => role === 'tool').map(({ content }) => content) ?? [];
    expect(told.join('').length).toBeLessThan(4_000 * 0.3 * 4 + 1_000);
    expect(told.at(-1)).toContain('Nothing more can be read');
  });

  it('end one that takes too long', async () => {
    const model = asks(stalling('Thinking', () => undefined));
    expect((await answer(model, { ...limits, totalMs: 1 }))?.text).toContain('did not come to an answer');
  });

  it('let a stop end it at once; what was written stays, marked as cut', async () => {
    const stop = new AbortController();
    const model = asks(
      () => new Asking('', [search]),
      stalling('I see ', () => stop.abort(new Error('stopped'))),
    );
    await expect(answer(model, limits, stop.signal)).rejects.toThrow('stopped');
    expect([...world.streams.values()]).toEqual([
      { channel: 'message', text: 'I see ', ended: { text: 'I see ', cut: true } },
    ]);
  });
});

describe('The compiled tools', () => {
  it('are the reading ones and no others, whatever is offered', async () => {
    const model = asks(() => 'unused');
    const context = world.context(model);
    const tools = readingTools(readings, {
      context,
      log: createReadingLog(),
      limits: { readings: 1, tokens: 1 },
      signal: context.signal,
    });
    const toolModel = () => new CompanyChatModel({ model });
    const agent = await compileReader(toolModel, () => undefined, tools, 'Answer.');
    expect(compiledTools(agent)).toEqual([
      'search_issues',
      'get_issue',
      'list_projects',
      'search_pages',
      'get_page',
    ]);
  });

  it('are all that a hostile model gets, by whatever names it asks', async () => {
    const wanted = [
      'create_issue',
      'delete_issue',
      'createIssue',
      'tools/call',
      '__proto__',
      'constructor',
      'link_issues',
    ];
    const model = asks(
      () =>
        new Asking(
          '',
          wanted.map((name) => ({ name, input: { projectKey: 'DEMO', issueKey: 'DEMO-1' } })),
        ),
      () => 'I may not.',
    );
    expect((await answer(model))?.text).toBe('I may not.');
    expect(world.read).toEqual([]);
    expect(world.created).toEqual([]);
    const told = model.calls[1]?.messages.filter(({ role }) => role === 'tool');
    expect(told).toHaveLength(wanted.length);
    for (const { content } of told ?? []) expect(content).toMatch(/is not a valid tool/);
  });
});

describe('A question in a conversation', () => {
  it('is told with links to what was read and a doubt about what was not', async () => {
    const model = asks(
      () => new Asking('', [search]),
      () => 'DEMO-7 does it, and DEMO-99.',
    );
    const input = world.says('What do we have?') as Message;
    await converse(state, world.context(model), input);
    expect(world.said()).toEqual([
      'DEMO-7 does it, and DEMO-99.\n\nRead for this answer: [DEMO-7](<http://jira/browse/DEMO-7>).\n\n' +
        'Not read, so check before you rely on it: DEMO-99.',
    ]);
  });
});

/** The names in the node that calls tools, of the graph as LangChain compiled it. */
function compiledTools({ graph }: Awaited<ReturnType<typeof compileReader>>): string[] {
  const nodes = graph.nodes as Record<string, { bound?: { tools?: { name: string }[] } }>;
  return (nodes['tools']?.bound?.tools ?? []).map(({ name }) => name);
}
