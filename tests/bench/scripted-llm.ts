import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { storyAnswer } from '../../src/lib/agent/testing/story-answers.ts';
import { createPeople } from '../../src/lib/sandbox/people.ts';
import { readScript, type AnswerScript } from './answer-script.ts';
import { nowUs, stampFirstToken, stampToken } from './stamps.ts';

/** Frames in one write when there is no pause between tokens, as a model that is far ahead sends them. */
const FRAMES_A_WRITE = 20;

const people = createPeople();
const quick: AnswerScript = { firstTokenMs: 0, tokens: 1, gapMs: 0 };

/**
 * A model of the shipped dialect. A drafting call is answered with stamped tokens and one story that breaks no rule, a
 * clarifying one with no question, both after the script's first-token time.
 */
export async function answerAsModel(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedAtUs = nowUs();
  if (request.method === 'GET') return sayWho(request, response);
  const body = await readText(request);
  const script = readScript(body) ?? quick;
  const { call } = JSON.parse(body) as { call: string };
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  await pause(script.firstTokenMs);
  if (call === 'draft') await writeDraft(response, script, arrivedAtUs);
  else
    response.write(frame(JSON.stringify({ title: 'Bench', message: 'The model is here.', questions: [] })));
  response.write(`data: ${JSON.stringify({ usage: { input: 1_000, output: script.tokens } })}\n\n`);
  response.end('data: [DONE]\n\n');
}

async function writeDraft(response: ServerResponse, script: AnswerScript, arrivedAtUs: number) {
  const { tokens, gapMs } = script;
  response.write(frame(`{"message":"${stampFirstToken(arrivedAtUs)}`));
  for (let written = 1; written < tokens;) {
    if (response.destroyed) return;
    await pause(gapMs);
    const count = gapMs > 0 ? 1 : Math.min(FRAMES_A_WRITE, tokens - written);
    let frames = '';
    for (let n = 0; n < count; n += 1) frames += frame(stampToken());
    written += count;
    if (!response.write(frames)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.write(frame(`","stories":[${JSON.stringify(storyAnswer())}]}`));
}

function frame(delta: string): string {
  return `data: ${JSON.stringify({ delta })}\n\n`;
}

/** Without a pause nothing is awaited, or the event loop's timers would set the pace. */
async function pause(ms: number): Promise<void> {
  if (ms > 0) await wait(ms);
}

function sayWho({ headers }: IncomingMessage, response: ServerResponse): void {
  const cookie = /(?:^|;\s*)session=([^;]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
  const person = people.byLlmCookie(cookie);
  response.writeHead(person ? 200 : 401, { 'content-type': 'application/json' });
  response.end(JSON.stringify(person ? { employeeId: person.employeeId } : {}));
}

async function readText(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}
