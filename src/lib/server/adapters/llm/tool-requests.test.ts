import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectConfig } from '../../../contracts/config/config-file.ts';
import { createAnswerReader } from './answer-reader.ts';

const openAi: DialectConfig = {
  type: 'sse',
  deltaPath: 'choices.0.delta.content',
  doneMarker: '[DONE]',
  tools: { form: 'openai', path: 'choices.0.delta.tool_calls' },
};
const anthropic: DialectConfig = { type: 'sse', deltaPath: 'delta.text', tools: { form: 'anthropic' } };
const ollama: DialectConfig = {
  type: 'ndjson',
  deltaPath: 'message.content',
  donePath: 'done',
  tools: { form: 'ollama', path: 'message.tool_calls' },
};

function read(dialect: DialectConfig, body: string, cutAt = 0) {
  const reader = createAnswerReader(dialect);
  const bytes = new TextEncoder().encode(body);
  let text = reader.read(bytes.slice(0, cutAt));
  text += reader.read(bytes.slice(cutAt));
  text += reader.finish();
  return { text, requests: reader.toolRequests() };
}

const events = (...frames: object[]) => frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join('');
const delta = (tool_calls: object[]) => ({ choices: [{ delta: { tool_calls } }] });
const whole = [
  { id: 'a', name: 'search_issues', input: '{"jql":"text ~ \\"Zwölf\\""}' },
  { id: 'b', name: 'get_issue', input: '{"key":"DEMO-7"}' },
];

describe('What a model asks tools for', () => {
  const streamed = events(
    { choices: [{ delta: { content: 'Let me look.' } }] },
    delta([{ index: 0, id: 'a', type: 'function', function: { name: 'search_issues', arguments: '' } }]),
    delta([{ index: 0, function: { arguments: '{"jql":"text ~ ' } }]),
    delta([{ index: 0, function: { arguments: '\\"Zwölf\\""}' } }]),
    delta([
      { index: 1, id: 'b', type: 'function', function: { name: 'get_issue', arguments: '{"key":"DE' } },
    ]),
    delta([{ index: 1, function: { name: null, arguments: 'MO-7"}' } }]),
  );

  it('is put together from the pieces of chat completions, wherever the network cuts them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: new TextEncoder().encode(streamed).length }), (cutAt) => {
        expect(read(openAi, `${streamed}data: [DONE]\n\n`, cutAt)).toEqual({
          text: 'Let me look.',
          requests: whole,
        });
      }),
    );
  });

  it('is two requests where a gateway gives both the same index, or none', () => {
    const call = (id: string, name: string, input: string, index?: number) => ({
      ...(index === undefined ? {} : { index }),
      id,
      function: { name, arguments: input },
    });
    for (const index of [0, undefined]) {
      const frames = whole.map(({ id, name, input }) => delta([call(id, name, input, index)]));
      expect(read(openAi, events(...frames)).requests).toEqual(whole);
    }
  });

  it('is read from Anthropic’s blocks, streamed', () => {
    const block = (index: number, id: string, name: string) => ({
      type: 'content_block_start',
      index,
      content_block: { type: 'tool_use', id, name, input: {} },
    });
    const piece = (index: number, partial_json: string) => ({
      type: 'content_block_delta',
      index,
      delta: { type: 'input_json_delta', partial_json },
    });
    const body = events(
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Let me look.' } },
      block(1, 'a', 'search_issues'),
      piece(1, ''),
      piece(1, '{"jql":"text ~ \\"Zw'),
      piece(1, 'ölf\\""}'),
      block(2, 'b', 'get_issue'),
      piece(2, '{"key":"DEMO-7"}'),
    );
    expect(read(anthropic, body)).toEqual({ text: 'Let me look.', requests: whole });
  });

  it('is read from Anthropic’s answer in one piece', () => {
    const content = [
      { type: 'text', text: 'Let me look.' },
      { type: 'tool_use', id: 'b', name: 'get_issue', input: { key: 'DEMO-7' } },
    ];
    const dialect: DialectConfig = {
      type: 'json',
      deltaPath: 'content.0.text',
      tools: { form: 'anthropic' },
    };
    expect(read(dialect, JSON.stringify({ type: 'message', content }))).toEqual({
      text: 'Let me look.',
      requests: [whole[1]],
    });
  });

  it('gets ids where the model gives none', () => {
    const call = { function: { name: 'get_issue', arguments: { key: 'DEMO-7' } } };
    const line = JSON.stringify({ message: { content: '', tool_calls: [call, call] } });
    expect(read(ollama, `${line}\n{"done":true}\n`).requests).toEqual([
      { id: 'call-1', name: 'get_issue', input: '{"key":"DEMO-7"}' },
      { id: 'call-2', name: 'get_issue', input: '{"key":"DEMO-7"}' },
    ]);
  });

  it('has bounds: a model that never stops asking fills no memory', () => {
    const many = Array.from({ length: 500 }, (_, index) =>
      delta([{ index, id: `c${index}`, function: { name: 'get_issue', arguments: 'x'.repeat(10_000) } }]),
    );
    const endless = Array.from({ length: 500 }, () =>
      delta([{ index: 0, function: { arguments: 'x'.repeat(10_000) } }]),
    );
    const { requests } = read(openAi, events(...many, ...endless));
    expect(requests).toHaveLength(16);
    expect(Math.max(...requests.map(({ input }) => input.length))).toBeLessThanOrEqual(65_536);
  });

  it.each([
    ['no list', { choices: [{ delta: { tool_calls: 'all of them' } }] }],
    ['no function', delta([{ index: 0, id: 'a' }])],
    ['no name', delta([{ index: 0, id: 'a', function: { arguments: '{}' } }])],
  ])('is nothing where it is broken: %s', (_, frame) => {
    expect(read(openAi, events(frame)).requests).toEqual([]);
  });
});
