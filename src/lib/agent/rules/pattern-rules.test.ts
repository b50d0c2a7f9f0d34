import { describe, expect, it } from 'vitest';
import { ruleDefaultsSchema } from '../../contracts/config/config-file.ts';
import type { PatternRule } from '../../contracts/pattern-rule.ts';
import { storyContent } from '../testing/story-answers.ts';
import { boundedMatch } from './bounded-match.ts';
import { bypass, checkRules, keepBypasses } from './index.ts';

const ticket: PatternRule = {
  name: 'Ticket',
  field: 'description',
  expect: 'match',
  pattern: 'CR-\\d+',
  message: 'Name the change request.',
};

function check(pattern: Partial<PatternRule>, description: string) {
  const settings = ruleDefaultsSchema.parse({ patterns: [{ ...ticket, ...pattern }] });
  return checkRules(storyContent({ description }), settings).at(-1);
}

describe('A pattern rule', () => {
  it('asks for what must be there, whatever the case of letters', () => {
    expect(check({}, 'Needed for cr-12.')).toMatchObject({ ruleId: 'pattern:ticket', outcome: 'ok' });
    expect(check({}, 'Needed.')).toMatchObject({
      outcome: 'violation',
      field: 'description',
      message: 'Name the change request.',
    });
  });

  it('refuses what must not be there', () => {
    expect(check({ expect: 'no_match', pattern: 'todo' }, 'TODO: ask')?.outcome).toBe('violation');
    expect(check({ expect: 'no_match', pattern: 'todo' }, 'Done')?.outcome).toBe('ok');
  });

  it('that never ends is stopped, and only says so', () => {
    expect(boundedMatch('(a+)+$', `${'a'.repeat(4_000)}!`)).toBeNull();
    expect(check({ pattern: '(x+x+)+y' }, 'x'.repeat(3_000))).toMatchObject({ outcome: 'advice' });
    expect(boundedMatch('a', 'banana')).toBe(true);
  });

  it('that is no regular expression, or whose name is taken, is refused', () => {
    const parse = (patterns: object[]) => ruleDefaultsSchema.safeParse({ patterns }).success;
    expect(parse([{ ...ticket, pattern: '(' }])).toBe(false);
    expect(parse([ticket, { ...ticket, name: 'TICKET' }])).toBe(false);
  });
});

describe('A template’s named sections', () => {
  const place = { sections: ['Context', 'Out of scope'] };
  const sectionsOf = (description: string) =>
    checkRules(storyContent({ format: 'custom', description }), ruleDefaultsSchema.parse({}), place).find(
      ({ ruleId }) => ruleId === 'required_sections',
    );

  it('count as there when they hold text', () => {
    expect(sectionsOf('### Context\nToday.\n\n**Out of scope:** Taxes.')).toMatchObject({
      outcome: 'ok',
      mark: 'sections 4 of 4',
    });
  });

  it('are missing when they are empty or not there', () => {
    expect(sectionsOf('### Context\n\n### Other\nText')).toMatchObject({
      outcome: 'violation',
      field: 'description',
      message: expect.stringMatching(/“Context”.*“Out of scope”/),
    });
  });
});

describe('A bypass', () => {
  const settings = ruleDefaultsSchema.parse({});
  const tooLong = checkRules(storyContent({ summary: 'x'.repeat(200) }), settings);
  const setAside = tooLong.map((result) =>
    result.ruleId === 'summary_length' ? bypass(result, 'ines', 'A legal name.') : result,
  );
  const summaryOf = (results: typeof tooLong) =>
    results.find(({ ruleId }) => ruleId === 'summary_length')?.outcome;

  it('stays while the rule would be broken, and ends with it', () => {
    expect(summaryOf(keepBypasses(tooLong, setAside))).toBe('bypassed');
    expect(summaryOf(keepBypasses(checkRules(storyContent(), settings), setAside))).toBe('ok');
  });
});
