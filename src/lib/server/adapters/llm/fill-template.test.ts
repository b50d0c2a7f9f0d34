import { describe, expect, it } from 'vitest';
import { fillTemplate, fillToText } from './fill-template.ts';

const messages = [
  { role: 'user', content: 'Hello {{model}}' },
  { role: 'assistant', content: 'Hi' },
];
const values = {
  model: 'm1',
  temperature: 0.2,
  stream: true,
  messages,
  system: 'Be brief.',
  conversationId: null,
};

describe('A template', () => {
  it('gives a value that is one placeholder the type of its value', () => {
    expect(
      fillTemplate(
        { t: '{{temperature}}', s: '{{ stream }}', m: '{{messages}}', c: '{{conversationId}}' },
        values,
      ),
    ).toEqual({
      t: 0.2,
      s: true,
      m: messages,
      c: null,
    });
  });

  it('makes text inside longer text', () => {
    expect(fillTemplate('model={{model}} t={{temperature}} c={{conversationId}}.', values)).toBe(
      'model=m1 t=0.2 c=.',
    );
  });

  it('puts a list into a list, entry by entry', () => {
    expect(fillTemplate([{ role: 'system', content: '{{system}}' }, '{{messages}}'], values)).toEqual([
      { role: 'system', content: 'Be brief.' },
      ...messages,
    ]);
  });

  it('does not search what people wrote for placeholders', () => {
    expect(JSON.stringify(fillTemplate('{{messages}}', values))).toContain('Hello {{model}}');
    expect(fillToText('{{a}}', { a: '{{b}}', b: 'secret' })).toBe('{{b}}');
  });

  it('leaves numbers, nested lists and everything without placeholders as they are', () => {
    const template = { a: [1, [2, { b: null }]], c: 'plain {text}' };
    expect(fillTemplate(template, values)).toEqual(template);
  });
});
