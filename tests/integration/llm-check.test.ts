import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alice } from '../../src/lib/sandbox/people.ts';
import type { Sandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { startSandbox } from '../../src/lib/sandbox/start-sandbox.ts';
import { checkModel } from '../../src/lib/server/commands/llm-check.ts';
import type { Answering } from '../support/loopback.ts';
import { createLoopback } from '../support/loopback.ts';
import { deltas, stream } from '../support/scripted-gateway.ts';

const loopback = createLoopback();
/** Stands still: however busy the machine is, every answer is there at once. */
const clock = { now: () => 0 };
let dir: string;
let sandbox: Sandbox;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'backlogue-llm-check-'));
  cpSync('config', dir, { recursive: true });
  sandbox = await startSandbox({ dataDir: ':memory:', llmPace: { firstTokenMs: 0, tokenMs: 0 } });
});
afterEach(async () => {
  await sandbox.close();
  await loopback.close();
  rmSync(dir, { recursive: true, force: true });
});

async function check(env: Record<string, string>) {
  const lines: string[] = [];
  const exitCode = await checkModel({ CONFIG_DIR: dir, ...env }, (line) => lines.push(line), clock);
  return { exitCode, lines };
}

/** Points the live configuration at a gateway of the test. */
async function goLive(answer: Answering): Promise<void> {
  const url = await loopback.serve(answer);
  const path = join(dir, 'config.json');
  const text = readFileSync(path, 'utf8')
    .replace('"mode": "practice"', '"mode": "live"')
    .replace('"jira": { "url": null }', '"jira": { "url": "https://jira.example.com" }')
    .replace('"baseUrl": null', `"baseUrl": "${url}", "retry": { "attempts": 0 }`);
  writeFileSync(path, text);
}

describe('The self-test of a model', () => {
  it('finds nothing wrong with the practice writer', async () => {
    const { exitCode, lines } = await check({
      PRACTICE_LLM_PORT: new URL(sandbox.llmUrl).port,
      LLM_CREDENTIAL: alice.llmCookie,
    });
    expect(lines.map((line) => line.slice(0, 15).trim())).toEqual([
      'Testing Practic',
      'ok     identity',
      'ok     stream',
      'ok     clarify',
      'ok     draft',
      'ok     split',
      'ok     stop',
    ]);
    expect(lines[1]).toContain('E10421');
    expect(exitCode).toBe(0);
  });

  it('says in a sentence that a credential is missing or refused', async () => {
    const port = new URL(sandbox.llmUrl).port;
    const missing = await check({ PRACTICE_LLM_PORT: port });
    expect(missing.exitCode).toBe(1);
    expect(missing.lines[1]).toMatch(/^wrong {2}identity {2}The language model needs a credential/);

    const refused = await check({ PRACTICE_LLM_PORT: port, LLM_CREDENTIAL: 'expired-cookie' });
    expect(refused.lines[2]).toMatch(/^wrong {2}stream {4}The language model did not take your credential/);
    expect(refused.lines.join('\n')).not.toContain('expired-cookie');
  });

  it('tells a model that chats instead of answering in JSON', async () => {
    await goLive(async (request, response) => {
      if (request.url === '/v1/whoami')
        return response.writeHead(200, { 'content-type': 'application/json' }).end('{"employeeId":"E1"}');
      await stream(response, [deltas('Sure! ', 'Here are some stories for you.'), 'data: [DONE]\n\n']);
      return response.end();
    });
    const { exitCode, lines } = await check({ LLM_CREDENTIAL: 'cookie-1' });
    expect(exitCode).toBe(1);
    for (const name of ['clarify', 'draft', 'split']) {
      expect(lines.find((line) => line.includes(name))).toMatch(
        /^wrong.*not the JSON that was asked for; it begins with “Sure! Here are/,
      );
    }
  });
});
