import { describe, expect, it } from 'vitest';
import type { PromptMessage } from '../../../agent/ports.ts';
import { toolsInForm, turnsInForm } from './tool-turns.ts';

const spec = { name: 'get_issue', description: 'Reads one.', parameters: { type: 'object' } };
const turns: PromptMessage[] = [
  { role: 'user', content: 'What is DEMO-7?' },
  {
    role: 'assistant',
    content: '',
    toolRequests: [
      { id: 'a', name: 'get_issue', input: '{"key":"DEMO-7"}' },
      { id: 'b', name: 'get_issue', input: 'not JSON' },
    ],
  },
  { role: 'tool', content: 'Export orders', requestId: 'a', tool: 'get_issue' },
  { role: 'tool', content: 'Unreadable', requestId: 'b', tool: 'get_issue' },
  { role: 'assistant', content: 'An export.' },
];

describe('Turns with tools', () => {
  it('travel as chat completions have them', () => {
    const form = { form: 'openai', path: 'tool_calls' } as const;
    expect(toolsInForm(form, [spec])).toEqual([{ type: 'function', function: spec }]);
    expect(turnsInForm(form, turns)).toEqual([
      { role: 'user', content: 'What is DEMO-7?' },
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'get_issue', arguments: '{"key":"DEMO-7"}' } },
          { id: 'b', type: 'function', function: { name: 'get_issue', arguments: 'not JSON' } },
        ],
      },
      { role: 'tool', content: 'Export orders', tool_call_id: 'a' },
      { role: 'tool', content: 'Unreadable', tool_call_id: 'b' },
      { role: 'assistant', content: 'An export.' },
    ]);
  });

  it('travel to Anthropic with all results of one turn in one message', () => {
    const form = { form: 'anthropic' } as const;
    expect(toolsInForm(form, [spec])).toEqual([
      { name: 'get_issue', description: 'Reads one.', input_schema: { type: 'object' } },
    ]);
    expect(turnsInForm(form, turns)).toEqual([
      { role: 'user', content: 'What is DEMO-7?' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a', name: 'get_issue', input: { key: 'DEMO-7' } },
          { type: 'tool_use', id: 'b', name: 'get_issue', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: 'Export orders' },
          { type: 'tool_result', tool_use_id: 'b', content: 'Unreadable' },
        ],
      },
      { role: 'assistant', content: 'An export.' },
    ]);
  });

  it('travel to Ollama with arguments as an object and results by the tool’s name', () => {
    expect(turnsInForm({ form: 'ollama', path: 'message.tool_calls' }, turns).slice(1, 3)).toEqual([
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { function: { name: 'get_issue', arguments: { key: 'DEMO-7' } } },
          { function: { name: 'get_issue', arguments: {} } },
        ],
      },
      { role: 'tool', content: 'Export orders', tool_name: 'get_issue' },
    ]);
  });

  it('stay plain where no tool was asked', () => {
    const plain: PromptMessage[] = [{ role: 'user', content: 'Hi' }];
    for (const form of [undefined, { form: 'anthropic' } as const])
      expect(turnsInForm(form, plain)).toEqual(plain);
  });
});
