import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { storyContent } from '../testing/story-answers.ts';
import { openConflicts, takeTheirs } from './choose-side.ts';
import { mergeDrafts } from './merge-drafts.ts';

const newId = () => 'new';

describe('choosing between the person’s words and the agent’s', () => {
  it('offers a conflict with both sides, and puts the agent’s words where the person’s stood', () => {
    const { content, conflicts } = mergeDrafts(
      storyContent({ description: 'one\ntwo\nthree' }),
      storyContent({ description: 'one\nmine\nthree' }),
      storyContent({ description: 'one\ntheirs\nand more\nthree' }),
      newId,
    );
    const [conflict] = conflicts;
    expect(conflict).toMatchObject({ part: 'description', mine: ['mine'], theirs: ['theirs', 'and more'] });
    if (!conflict) return;
    expect(takeTheirs(content, conflict, newId).description).toBe('one\ntheirs\nand more\nthree');
  });

  it.each([
    ['summary', 'Mine', 'Theirs'],
    ['storyPoints', 2, 8],
    ['storyPoints', 2, null],
    ['epicKey', 'DEMO-1', null],
    ['epicKey', 'DEMO-1', 'DEMO-2'],
    ['issueType', 'Bug', 'Task'],
  ] as const)('takes the agent’s %s: %s or %s', (part, mine, theirs) => {
    const base = storyContent({ storyPoints: 5, epicKey: 'DEMO-9' });
    const merged = mergeDrafts(base, { ...base, [part]: mine }, { ...base, [part]: theirs }, newId);
    expect(merged.content[part]).toBe(mine);
    const [conflict] = merged.conflicts;
    if (!conflict) throw new Error('There is nothing to choose.');
    expect(takeTheirs(merged.content, conflict, newId)[part]).toBe(theirs);
  });

  it('takes the agent’s criterion with its source and its id', () => {
    const base = storyContent();
    const [first, second] = base.acceptanceCriteria;
    if (!first || !second) throw new Error('The builder has two criteria.');
    const theirs = { ...second, text: 'Invoices export as XLSX.' };
    const { content, conflicts } = mergeDrafts(
      base,
      storyContent({ acceptanceCriteria: [first, { ...second, text: 'Invoices export as ODS.' }] }),
      storyContent({ acceptanceCriteria: [first, theirs] }),
      newId,
    );
    const [conflict] = conflicts;
    if (!conflict) throw new Error('There is nothing to choose.');
    expect(takeTheirs(content, conflict, newId).acceptanceCriteria).toEqual([first, theirs]);
  });

  it('never takes away a criterion that the person’s words also stand for', () => {
    const base = storyContent();
    const [first, second] = base.acceptanceCriteria;
    if (!first || !second) throw new Error('The builder has two criteria.');
    const theirs = { ...second, text: 'Invoices export as XLSX.' };
    const { content, conflicts } = mergeDrafts(
      base,
      storyContent({ acceptanceCriteria: [first, { ...second, text: first.text }] }),
      storyContent({ acceptanceCriteria: [first, theirs] }),
      newId,
    );
    const [conflict] = conflicts;
    if (!conflict) throw new Error('There is nothing to choose.');
    const texts = takeTheirs(content, conflict, newId).acceptanceCriteria.map(({ text }) => text);
    expect(texts).toEqual([first.text, theirs.text]);
  });

  it('brings back what the person had taken out, when they choose so', () => {
    const { content, conflicts } = mergeDrafts(
      storyContent({ description: 'one\ntwo\nthree' }),
      storyContent({ description: 'one\nthree' }),
      storyContent({ description: 'one\ntwo, better\nthree' }),
      newId,
    );
    const [conflict] = conflicts;
    if (!conflict) throw new Error('There is nothing to choose.');
    expect(conflict.mine).toEqual([]);
    const chosen = takeTheirs(content, conflict, newId);
    expect(chosen.description).toBe('one\ntwo, better\nthree');
    expect(openConflicts(conflicts, chosen)).toEqual([]);
  });

  it('asks no longer once the person changed the place themselves', () => {
    const { content, conflicts } = mergeDrafts(
      storyContent({ summary: 'Was' }),
      storyContent({ summary: 'Mine' }),
      storyContent({ summary: 'Theirs' }),
      newId,
    );
    expect(openConflicts(conflicts, content)).toHaveLength(1);
    expect(openConflicts(conflicts, { ...content, summary: 'Third way' })).toEqual([]);
  });

  it('in 200 generated clashes shows every line that was refused, and a choice touches only its place', () => {
    const word = fc.constantFrom('alpha', 'beta', 'gamma', 'delta');
    const clash = fc.record({
      base: fc.array<string>(word, { minLength: 1, maxLength: 8 }),
      at: fc.nat(7),
      mine: fc.nat(2),
      theirs: fc.nat(2),
    });
    fc.assert(
      fc.property(clash, ({ base, at, mine, theirs }) => {
        const place = at % base.length;
        const mineLines = Array.from({ length: mine }, (_, index) => `mine ${index}`);
        const theirLines = Array.from({ length: theirs }, (_, index) => `theirs ${index}`);
        const textOf = (lines: string[]) =>
          storyContent({ description: base.toSpliced(place, 1, ...lines).join('\n') });
        const { content, conflicts } = mergeDrafts(
          storyContent({ description: base.join('\n') }),
          textOf(mineLines),
          textOf(theirLines),
          newId,
        );
        const now = content.description.split('\n');
        const offered = conflicts.flatMap((conflict) => conflict.theirs);
        for (const line of mineLines) expect(now).toContain(line);
        for (const line of theirLines) expect([...now, ...offered]).toContain(line);
        const [conflict] = conflicts;
        if (!conflict) return;
        const others = now.toSpliced(conflict.at, conflict.mine.length);
        const chosen = takeTheirs(content, conflict, newId).description.split('\n');
        expect(chosen.toSpliced(conflict.at, conflict.theirs.length)).toEqual(others);
      }),
      { numRuns: 200 },
    );
  });
});
