import { alice } from '../../src/lib/sandbox/people.ts';
import { writeScript, type AnswerScript } from './answer-script.ts';
import { streamStamps } from './http-stream.ts';
import type { StreamTimes } from './stamps.ts';

/** Asks the scripted model without anything in between, over a connection that is kept: the least that can be had. */
export function streamDirectly(llmUrl: string, script: AnswerScript): Promise<StreamTimes> {
  return streamStamps(`${llmUrl}/v1/generate`, {
    body: { call: 'draft', messages: [{ role: 'user', content: writeScript(script) }] },
    headers: { cookie: `session=${alice.llmCookie}` },
    tokens: script.tokens,
  });
}
