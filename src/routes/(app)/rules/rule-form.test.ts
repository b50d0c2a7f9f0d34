import { describe, expect, it } from 'vitest';
import { ruleDefaultsSchema } from '../../../lib/contracts/config/config-file.ts';
import { readOwnRuleForm } from './rule-form.ts';

const shared = ruleDefaultsSchema.parse({});

function form(changes: Record<string, string | string[]> = {}): FormData {
  const fields = {
    maxStoryPoints: '3',
    pointScale: '0, 0.5, 1, 2, 3, 5, 8, 13, 21',
    requiredSections: ['acceptance_criteria', 'stlc_notes'],
    summaryMaxCharacters: '150',
    minCriteria: '2',
    descriptionMaxCharacters: '4000',
    bannedWords: '',
    repairAttempts: '2',
    ...changes,
  };
  const data = new FormData();
  for (const [name, values] of Object.entries(fields))
    for (const value of [values].flat()) data.append(name, value);
  return data;
}

describe('the form of the rules', () => {
  it('keeps nothing of one’s own where everything is as it is shared', () => {
    expect(readOwnRuleForm(form(), shared)).toEqual({});
  });

  it('keeps exactly what differs', () => {
    const own = readOwnRuleForm(
      form({ maxStoryPoints: '5', bannedWords: ' simply \n\netc.\r\n', requiredSections: [] }),
      shared,
    );
    expect(own).toEqual({ maxStoryPoints: 5, bannedWords: ['simply', 'etc.'], requiredSections: [] });
  });

  it.each([
    ['maxStoryPoints', ''],
    ['pointScale', 'one two'],
    ['summaryMaxCharacters', '900'],
    ['minCriteria', '1.5'],
  ])('says beside %s what it takes', (field, typed) => {
    expect(() => readOwnRuleForm(form({ [field]: typed }), shared)).toThrow(
      expect.objectContaining({
        code: 'rules_invalid',
        fields: { [field]: expect.stringContaining('Type') },
      }),
    );
  });
});
