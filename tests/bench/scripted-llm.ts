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
const question = { question: 'In which format?', why: 'It decides what is built.', suggestions: ['CSV'] };
let revisions = 0;
const quick: AnswerScript = { firstTokenMs: 0, tokens: 1, gapMs: 0 };

/**
 * A model of the shipped dialect, and of chat completions. A drafting call is answered with stamped tokens and one story that breaks no rule, a
 * clarifying one with no question, both after the script's first-token time.
 */
export async function answerAsModel(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const arrivedAtUs = nowUs();
  if (request.method === 'GET') return sayWho(request, response);
  const body = await readText(request);
  const script = readScript(body) ?? quick;
  // The servers beside the product know the dialect that most models speak, and every call of theirs is for the draft.
  const dialect = request.url?.endsWith('/chat/completions') ? chatCompletions : shipped;
  const { call = 'draft' } = JSON.parse(body) as { call?: string };
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  await pause(script.firstTokenMs);
  const run = String(request.headers['x-request-id'] ?? '');
  if (call === 'draft') {
    await writeDraft(response, { script, dialect, askedAtUs: arrivedAtUs - timeBefore(run) });
    response.end(dialect.end(script.tokens));
    return;
  }
  response.write(dialect.frame(JSON.stringify(answerTo(call, script))));
  response.end(dialect.end(script.tokens));
  if (run !== '') earlierCalls.set(run, nowUs() - arrivedAtUs);
}

/** How long this model had a run's calls before the draft: its time, and not that of whoever asked. */
const earlierCalls = new Map<string, number>();

function timeBefore(run: string): number {
  const us = earlierCalls.get(run) ?? 0;
  earlierCalls.delete(run);
  return us;
}

/** To every other call one answer: no question unless the script has one, and whatever is said later is a revision. */
function answerTo(call: string, { asks }: AnswerScript): object {
  if (call === 'understand') return { intent: 'instruction', drafts: [1] };
  if (call === 'refine') {
    revisions += 1;
    const story = { ...storyAnswer(), description: `Exports, as revision ${revisions} has them.`, number: 1 };
    return { message: 'Revised.', stories: [story] };
  }
  return { title: 'Bench', message: 'The model is here.', questions: asks ? [question] : [] };
}

async function writeDraft(
  response: ServerResponse,
  { script, dialect, askedAtUs }: { script: AnswerScript; dialect: Dialect; askedAtUs: number },
): Promise<void> {
  const { tokens, gapMs } = script;
  const { frame } = dialect;
  response.write(frame(`{"message":"${stampFirstToken(askedAtUs)}`));
  // Asked for once: each time that nobody reads would leave another listener behind.
  const gone = once(response, 'close');
  for (let written = 1; written < tokens;) {
    if (response.destroyed) return;
    await pause(gapMs);
    const count = gapMs > 0 ? 1 : Math.min(FRAMES_A_WRITE, tokens - written);
    let frames = '';
    for (let n = 0; n < count; n += 1) frames += frame(stampToken());
    written += count;
    if (!response.write(frames)) await Promise.race([once(response, 'drain'), gone]);
  }
  response.write(frame(`","stories":[${JSON.stringify(storyAnswer())}]}`));
}

/** How a dialect writes a piece of text, and the end. */
interface Dialect {
  frame(delta: string): string;
  end(tokens: number): string;
}

const shipped: Dialect = {
  frame: (delta) => event({ delta }),
  end: (output) => event({ usage: { input: 1_000, output } }) + DONE,
};

const chatCompletions: Dialect = {
  frame: (content) => chatChunk({ role: 'assistant', content }, null),
  end: () => chatChunk({}, 'stop') + DONE,
};

const DONE = 'data: [DONE]\n\n';

function event(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

function chatChunk(delta: object, finishReason: 'stop' | null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return event({ id: 'bench', object: 'chat.completion.chunk', created: 0, model: 'bench', choices });
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
