import type { AIMessageChunk } from '@langchain/core/messages';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { afterEach, describe, expect, it } from 'vitest';
import { CompanyChatModel } from '../../src/lib/server/adapters/company-chat-model.ts';
import { createLoopback } from '../support/loopback.ts';
import { deltas, jsonBody, openGateway, stream } from '../support/scripted-gateway.ts';

const loopback = createLoopback();
afterEach(() => loopback.close());

describe('The model as LangChain knows it', () => {
  async function langChainModel() {
    const { model } = await openGateway(loopback, async (request, response) => {
      const { system, messages } = (await jsonBody(request)) as {
        system: string;
        messages: { content: string }[];
      };
      await stream(response, [
        deltas(`${system} `),
        deltas(messages.at(-1)?.content ?? ''),
        'data: {"usage":{"input":4,"output":2}}\n\ndata: [DONE]\n\n',
      ]);
      response.end();
    });
    return new CompanyChatModel({ model });
  }
  const input = [new SystemMessage('Be brief.'), new HumanMessage('Hello')];

  it('answers in one piece', async () => {
    const message = await (await langChainModel()).invoke(input);
    expect(message.text).toBe('Be brief. Hello');
    expect(message.usage_metadata).toMatchObject({ input_tokens: 4, output_tokens: 2, total_tokens: 6 });
  });

  it('streams', async () => {
    const chunks: AIMessageChunk[] = [];
    for await (const chunk of await (await langChainModel()).stream(input)) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.text).join('')).toBe('Be brief. Hello');
    expect(chunks.length).toBeGreaterThan(1);
  });

  it('stops with the signal that LangChain passes on', async () => {
    const stop = new AbortController();
    let closed = () => {};
    const connectionClosed = new Promise<void>((resolve) => (closed = resolve));
    const { model } = await openGateway(loopback, (_request, response) => {
      response.on('close', () => closed());
      return stream(response, [deltas('endless')]);
    });
    const read = async () => {
      for await (const _chunk of await new CompanyChatModel({ model }).stream(input, { signal: stop.signal }))
        stop.abort();
    };
    await expect(read()).rejects.toThrow(/abort/i);
    await connectionClosed;
  });
});
