import { Agent, request } from 'node:http';
import { alice } from '../../src/lib/sandbox/people.ts';
import { writeScript, type AnswerScript } from './answer-script.ts';
import { createStampReader, nowUs, type StreamTimes } from './stamps.ts';

const keptConnections = new Agent({ keepAlive: true, maxSockets: 512 });

/** Asks the scripted model without anything in between, over a connection that is kept: the least that can be had. */
export function streamDirectly(llmUrl: string, script: AnswerScript): Promise<StreamTimes> {
  const body = JSON.stringify({ call: 'draft', messages: [{ role: 'user', content: writeScript(script) }] });
  return new Promise((resolve, reject) => {
    const sentAtUs = nowUs();
    const reader = createStampReader(sentAtUs);
    const outgoing = request(
      `${llmUrl}/v1/generate`,
      {
        method: 'POST',
        agent: keptConnections,
        headers: { 'content-type': 'application/json', cookie: `session=${alice.llmCookie}` },
      },
      (answer) => {
        answer.setEncoding('utf8');
        answer.on('data', (text: string) => reader.take(text));
        answer.on('error', reject);
        answer.on('end', () => resolve(reader.times()));
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
