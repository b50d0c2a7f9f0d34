import { Agent, get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface PacedAnswers {
  /** From the moment at which each request was due until its answer was read, ms. */
  latenciesMs: number[];
  /** From the first request to the last answer, ms. */
  durationMs: number;
}

/**
 * Asks at even distances, whether or not earlier answers have come: a server that is late makes nobody ask less often. An
 * autocannon that is told a rate sends all of a second's requests at its beginning, and measures the queue that it made.
 * @throws when any answer is not a 2xx
 */
export async function askAtPace(
  url: string,
  headersOf: (request: number) => Record<string, string>,
  { perSecond, seconds, connections }: { perSecond: number; seconds: number; connections: number },
): Promise<PacedAnswers> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const startedAt = performance.now();
  const answers: Promise<number>[] = [];
  for (let request = 0; request < perSecond * seconds; request++) {
    const dueAt = startedAt + (request * 1_000) / perSecond;
    await pause(Math.max(0, dueAt - performance.now()));
    answers.push(ask(url, agent, headersOf(request)).then(() => performance.now() - dueAt));
  }
  const latenciesMs = await Promise.all(answers);
  const durationMs = performance.now() - startedAt;
  agent.destroy();
  return { latenciesMs, durationMs };
}

function ask(url: string, agent: Agent, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers }, (answer) => {
      const { statusCode = 0 } = answer;
      if (statusCode < 200 || statusCode > 299) reject(new Error(`${url} answered ${statusCode}.`));
      answer.resume().once('end', resolve).once('error', reject);
    }).once('error', reject);
  });
}
