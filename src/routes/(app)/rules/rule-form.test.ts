import { describe, expect, it } from 'vitest';
import { builtIn, ruleSettingGroups } from '../../../lib/agent/rules/index.ts';
import { ruleDefaultsSchema } from '../../../lib/contracts/config/config-file.ts';
import { ownSettings } from '../../../lib/contracts/own-rules.ts';
import { readRuleForm } from './rule-form.ts';

const shared = ruleDefaultsSchema.parse({});
const fields = ruleSettingGroups().flatMap((group) => group.fields);

function form(changes: Record<string, string | string[]> = {}): FormData {
  const typed = {
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
  for (const [name, values] of Object.entries(typed))
    for (const value of [values].flat()) data.append(name, value);
  return data;
}

const own = (typed: FormData) => ownSettings(readRuleForm(typed, fields, []), shared);

describe('the form of the rules', () => {
  it('draws every setting of every registered rule, and knows no other', () => {
    const ofRules = builtIn.flatMap(({ settings }) => Object.keys(settings?.shape ?? {}));
    expect(ofRules.length).toBeGreaterThan(5);
    expect(fields.map(({ name }) => name)).toEqual([...ofRules, 'repairAttempts']);
    // What an administrator can set is what a person can set; the pattern rules have a form of their own.
    const settable = Object.keys(ruleDefaultsSchema.shape).filter((key) => key !== 'patterns');
    expect(fields.map(({ name }) => name).sort()).toEqual(settable.sort());
  });

  it('keeps nothing of one’s own where everything is as it is shared', () => {
    expect(own(form())).toEqual({});
  });

  it('keeps exactly what differs', () => {
    expect(
      own(form({ maxStoryPoints: '5', bannedWords: ' simply \n\netc.\r\n', requiredSections: [] })),
    ).toEqual({ maxStoryPoints: 5, bannedWords: ['simply', 'etc.'], requiredSections: [] });
  });

  it.each([
    ['maxStoryPoints', '', 'Type a number from 1 to 100.'],
    ['pointScale', 'one two', 'Type numbers'],
    ['summaryMaxCharacters', '900', 'Type a whole number from 20 to 255.'],
    ['descriptionMaxCharacters', '1', 'Type a whole number from 200 to 30,000.'],
    ['minCriteria', '1.5', 'Type a whole number from 0 to 20.'],
    ['requiredSections', ['poem'], 'Choose from what is offered.'],
  ])('says beside %s what it takes', (field, typed, sentence) => {
    expect(() => own(form({ [field]: typed }))).toThrow(
      expect.objectContaining({
        code: 'rules_invalid',
        fields: { [field]: expect.stringContaining(sentence) },
      }),
    );
  });
});
