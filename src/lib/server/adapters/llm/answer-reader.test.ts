import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DialectConfig } from '../../../contracts/config/config-file.ts';
import { createAnswerReader } from './answer-reader.ts';

const gateway: DialectConfig = {
  type: 'sse',
  deltaPath: 'delta',
  doneMarker: '[DONE]',
  errorPath: 'error.message',
  inputTokensPath: 'usage.input',
  outputTokensPath: 'usage.output',
};

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Reads a body that arrives in pieces of the given sizes; the rest comes as one. */
function read(dialect: DialectConfig, body: string, sizes: number[] = []) {
  const reader = createAnswerReader(dialect);
  const all = bytes(body);
  let text = '';
  let start = 0;
  for (const size of [...sizes, all.length]) {
    text += reader.read(all.slice(start, start + size));
    start += size;
  }
  text += reader.finish();
  return { text, state: reader.state };
}

describe('An answer over server-sent events', () => {
  const body = [
    ': keep-alive',
    '',
    'event: message',
    'id: 7',
    'data: {"delta":"Zwölf "}',
    '',
    'data: {"delta":""}',
    '',
    'data: {"delta":"Stories 🚀"}',
    '',
    'data: {"usage":{"input":812,"output":44}}',
    '',
    'data: [DONE]',
    '',
    '',
  ];

  it('reads the text, the usage and the end', () => {
    const { text, state } = read(gateway, body.join('\n'));
    expect(text).toBe('Zwölf Stories 🚀');
    expect(state).toMatchObject({
      done: true,
      inputTokens: 812,
      outputTokens: 44,
      error: null,
      malformed: 0,
    });
  });

  it.each(['\n', '\r\n', '\r'])('reads the same however it is cut, with lines that end in %j', (end) => {
    const text = body.join(end);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 }), (sizes) => {
        const cut = read(gateway, text, sizes);
        expect(cut.text).toBe('Zwölf Stories 🚀');
        expect(cut.state).toMatchObject({ done: true, inputTokens: 812, malformed: 0 });
      }),
      { numRuns: 200 },
    );
  });

  it('gives the text of a piece at once, all of its tokens together', () => {
    const reader = createAnswerReader(gateway);
    expect(reader.read(bytes('data: {"delta":"a"}\n\ndata: {"delta":"b"}\n\ndata: {"del'))).toBe('ab');
    expect(reader.read(bytes('ta":"c"}\n'))).toBe('c');
  });

  it('joins the data lines of one event', () => {
    expect(read(gateway, 'data: {\ndata:   "delta": "joined"\ndata: }\n\n').text).toBe('joined');
  });

  it('streams from a gateway that leaves the blank lines and spaces out', () => {
    expect(read(gateway, 'data:{"delta":"a"}\ndata:{"delta":"b"}\ndata:[DONE]\n').text).toBe('ab');
  });

  it('takes a last event that has no line end', () => {
    expect(read(gateway, 'data: {"delta":"a"}\n\ndata: {"delta":"b"}').text).toBe('ab');
  });

  it('keeps what came before a cut in the middle of an event', () => {
    const { text, state } = read(gateway, 'data: {"delta":"kept"}\n\ndata: {"delta":"lo');
    expect(text).toBe('kept');
    expect(state.done).toBe(false);
  });

  it('passes nothing on after the end marker', () => {
    expect(read(gateway, 'data: {"delta":"a"}\n\ndata: [DONE]\n\ndata: {"delta":"late"}\n\n').text).toBe('a');
  });

  it('sees an error inside the stream, by its path or by the name of its event', () => {
    expect(
      read(gateway, 'data: {"delta":"a"}\n\ndata: {"error":{"message":"Session expired","code":401}}\n\n')
        .state.error,
    ).toEqual({
      message: 'Session expired',
      clues: '{"message":"Session expired","code":401}',
    });
    expect(read(gateway, 'event: error\ndata: backend is gone\n\n').state.error?.message).toBe(
      'backend is gone',
    );
  });

  it('takes the data itself for text where no path is set', () => {
    expect(
      read({ type: 'sse', doneMarker: '[DONE]' }, 'data: Hello\n\ndata:  world\n\ndata: [DONE]\n\n').text,
    ).toBe('Hello world');
  });

  it('notices lines that are no events', () => {
    expect(read(gateway, '<html>\n<body>Sign in</body>\n').state).toMatchObject({ frames: 0, malformed: 2 });
  });

  it('refuses a line that never ends', () => {
    const reader = createAnswerReader(gateway);
    const endless = bytes('x'.repeat(1024 * 1024));
    expect(() => {
      for (let count = 0; count < 6; count += 1) reader.read(endless);
    }).toThrow('never ends');
  });
});

describe('An answer in another dialect', () => {
  const openAi: DialectConfig = {
    type: 'sse',
    deltaPath: 'choices.0.delta.content',
    doneMarker: '[DONE]',
    finishPath: 'choices.0.finish_reason',
    refusalPath: 'choices.0.delta.refusal',
    outputTokensPath: 'usage.completion_tokens',
  };

  it('reads chat completions with role-only, usage-only and empty frames', () => {
    const { text, state } = read(
      openAi,
      [
        '{"choices":[{"delta":{"role":"assistant","content":""}}]}',
        '{"choices":[{"delta":{"content":"Hi"},"finish_reason":null}]}',
        '{"choices":[{"delta":{},"finish_reason":"length"}]}',
        '{"choices":[],"usage":{"completion_tokens":3}}',
        '[DONE]',
      ]
        .map((data) => `data: ${data}\n\n`)
        .join(''),
    );
    expect(text).toBe('Hi');
    expect(state).toMatchObject({ finishReason: 'length', outputTokens: 3, done: true });
  });

  it('collects a refusal apart from the text', () => {
    const { text, state } = read(
      openAi,
      'data: {"choices":[{"delta":{"refusal":"I cannot "}}]}\n\ndata: {"choices":[{"delta":{"refusal":"help."}}]}\n\n',
    );
    expect(text).toBe('');
    expect(state.refusal).toBe('I cannot help.');
  });

  it('reads one JSON a line', () => {
    const ollama: DialectConfig = {
      type: 'ndjson',
      deltaPath: 'message.content',
      donePath: 'done',
      inputTokensPath: 'prompt_eval_count',
    };
    const { text, state } = read(
      ollama,
      '{"message":{"content":"a"},"done":false}\n{"message":{"content":"b"}}\n\n{"done":true,"prompt_eval_count":9}\n',
      [5, 20, 11],
    );
    expect(text).toBe('ab');
    expect(state).toMatchObject({ done: true, inputTokens: 9 });
  });

  it('reads one JSON body and plain text, UTF-8 split anywhere', () => {
    expect(
      read({ type: 'json', deltaPath: 'choices.0.text' }, '{"choices":[{"text":"für 🚀"}]}', [22, 3]).text,
    ).toBe('für 🚀');
    expect(read({ type: 'text' }, 'für 🚀', [2, 3]).text).toBe('für 🚀');
  });
});
