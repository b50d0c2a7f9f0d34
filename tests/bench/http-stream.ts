import { Agent, request } from 'node:http';
import { createStampReader, nowUs, type StreamTimes } from './stamps.ts';

const keptConnections = new Agent({ keepAlive: true, maxSockets: 512 });

/**
 * Posts JSON and reads the stamps of the answer while it comes, over a connection that is kept. Only the first `tokens`
 * count: some servers send the whole text once more at the end.
 */
export function streamStamps(
  url: string,
  { body, headers = {}, tokens }: { body: unknown; headers?: Record<string, string>; tokens: number },
): Promise<StreamTimes> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const reader = createStampReader(nowUs(), tokens);
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent: keptConnections,
        headers: { 'content-type': 'application/json', ...headers },
      },
      (answer) => {
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => reader.take(piece));
        answer.on('error', reject);
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(reader.times());
          else reject(new Error(`${url} answered ${answer.statusCode}.`));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}
