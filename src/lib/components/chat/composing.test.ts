import { describe, expect, it } from 'vitest';
import { answerOf, noReply, toggleSuggestion } from './clarification-reply.ts';
import { matchingChoices, menuQuery, type MenuChoice } from './menu-query.ts';
import { pastedSource, readSourceFiles, sourceMaxBytes } from './source-files.ts';

const question = { id: 'A1', question: 'Who?', why: 'It matters.', suggestions: ['All', 'Owners'] };

describe('answering a question', () => {
  it('is open until something is chosen, typed or skipped', () => {
    expect(answerOf(question, noReply)).toBeNull();
    expect(answerOf(question, { ...noReply, text: '  ' })).toBeNull();
  });

  it('joins what was chosen and what was typed', () => {
    const reply = { ...toggleSuggestion(noReply, 'Owners'), text: 'and their deputies' };
    expect(answerOf(question, reply)).toEqual({ questionId: 'A1', text: 'Owners; and their deputies' });
  });

  it('releases a suggestion that is pressed again', () => {
    expect(answerOf(question, toggleSuggestion(toggleSuggestion(noReply, 'All'), 'All'))).toBeNull();
  });

  it('says that it was skipped, and takes that back with an answer', () => {
    const skipped = { ...noReply, skipped: true };
    expect(answerOf(question, skipped)).toEqual({ questionId: 'A1', text: null });
    expect(answerOf(question, toggleSuggestion(skipped, 'All'))).toEqual({ questionId: 'A1', text: 'All' });
  });
});

describe('the menu that a mark opens', () => {
  it.each([
    ['/', 1, { mark: '/', start: 0, query: '' }],
    ['/bd', 3, { mark: '/', start: 0, query: 'bd' }],
    ['write it as /cla', 16, { mark: '/', start: 12, query: 'cla' }],
    ['as @billing exp says', 15, { mark: '@', start: 3, query: 'billing exp' }],
  ])('opens in %j', (text, caret, expected) => {
    expect(menuQuery(text, caret)).toEqual(expected);
  });

  it.each(['and/or', 'https://wiki.example.com/pages', 'PDF / CSV', '/a path/with.dots', 'ada@example.test'])(
    'stays closed in %j',
    (text) => {
      expect(menuQuery(text, text.length)).toBeNull();
    },
  );

  it('finds by group and label', () => {
    const items = [
      { id: '1', group: 'Format', label: 'BDD', run() {} },
      { id: '2', group: 'Prompt', label: 'Regulated', run() {} },
    ] satisfies MenuChoice[];
    expect(matchingChoices(items, 'form').map(({ id }) => id)).toEqual(['1']);
    expect(matchingChoices(items, '')).toHaveLength(2);
  });
});

describe('texts that become sources', () => {
  it('takes text files, and says of each other one why not', async () => {
    const { sources, refused } = await readSourceFiles([
      new File(['# Notes'], 'notes.md'),
      new File(['x'], 'scan.pdf'),
      new File(['  \n'], 'empty.txt'),
      new File(['x'.repeat(sourceMaxBytes + 1)], 'huge.txt'),
    ]);
    expect(sources).toEqual([{ kind: 'file', title: 'notes.md', text: '# Notes' }]);
    expect(refused).toEqual([
      '“scan.pdf” is not a text. Drop .md or .txt files.',
      '“empty.txt” is empty.',
      '“huge.txt” is larger than 1 MiB. Leave out what matters least.',
    ]);
  });

  it('names a paste by its first line', () => {
    expect(pastedSource('\n Retention policy \nTen years.').title).toBe('Retention policy');
    expect(pastedSource(`${'long '.repeat(30)}`).title).toHaveLength(60);
  });
});
