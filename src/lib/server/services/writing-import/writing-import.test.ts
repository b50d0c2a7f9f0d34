import { describe, expect, it } from 'vitest';
import { addPerson } from '../../../../../tests/support/people.ts';
import { openTempDatabase } from '../../../../../tests/support/temp-database.ts';
import { ruleSettingGroups } from '../../../agent/story-agent.ts';
import { ruleDefaultsSchema } from '../../../contracts/config/config-file.ts';
import { storyFormatSchema } from '../../../contracts/config/template-files.ts';
import { createPreferenceRepository } from '../../repositories/preference-repository.ts';
import { createOwnTexts } from '../own-texts.ts';
import { createPreferenceService } from '../preference-service.ts';
import { effectiveRules, readOwnRules, rulesPreference } from '../rule-settings.ts';
import type { Actor } from '../services.ts';
import { createWritingImport } from './writing-import.ts';

const shared = ruleDefaultsSchema.parse({});
const classic = storyFormatSchema.parse({
  id: 'classic',
  name: 'Classic',
  kind: 'classic',
  instructions: '',
});
const wards = { name: 'Wards', kind: 'custom', instructions: 'Name the ward.', sections: ['Ward', 'Need'] };
const ticket = {
  name: 'Ticket',
  field: 'description',
  expect: 'match',
  pattern: 'CR-\\d+',
  message: 'Name the change request.',
};

function setUp() {
  const temp = openTempDatabase();
  let made = 0;
  const ids = { next: () => `id${String((made += 1)).padStart(3, '0')}` };
  const preferences = createPreferenceService({
    repository: createPreferenceRepository(temp.db),
    clock: { now: () => 1 },
  });
  // The import asks for what holds and does not read the rest of the configuration.
  const prompts = { storyFormats: [classic], customPrompts: [] };
  const config = { current: () => ({ prompts }) } as unknown as Parameters<
    typeof createOwnTexts
  >[0]['config'];
  const texts = createOwnTexts({ config, preferences, ids });
  const rules = async (actor: Actor) => {
    const own = readOwnRules((await preferences.all(actor))[rulesPreference]);
    return { shared, own, effective: effectiveRules(shared, own) };
  };
  const writing = createWritingImport({
    current: { ...texts, rules },
    ruleSettingGroups: () => ruleSettingGroups(),
    preferences,
    ids,
  });
  return {
    ...temp,
    preferences,
    texts,
    writing,
    ada: addPerson(temp.db),
    eve: addPerson(temp.db, { employeeId: 'eve' }),
  };
}

const file = (parts: object) => JSON.stringify({ backlogueWriting: 1, ...parts });

describe('rules, formats and prompts as one file', () => {
  it('go from one person to another, who sees first what changes', async () => {
    using own = setUp();
    const { ada, eve, preferences, texts, writing } = own;
    await preferences.set(ada, rulesPreference, { maxStoryPoints: 8, patterns: [ticket] });
    await texts.saveFormat(ada, { ...wards, kind: 'custom' }, null);
    await texts.savePrompt(ada, { name: 'Short', text: 'Be short.' }, null);
    const text = JSON.stringify(await writing.exportWriting(ada));

    const plan = await writing.planImport(eve, text);
    expect(plan.changes).toEqual([
      { part: 'rule', name: 'Most story points', effect: 'replaced', before: '3', after: '8' },
      { part: 'pattern', name: 'Ticket', effect: 'added' },
      { part: 'format', name: 'Wards', effect: 'added' },
      { part: 'prompt', name: 'Short', effect: 'added' },
    ]);
    expect(await preferences.all(eve)).toEqual({});

    await writing.importWriting(eve, text, plan.fingerprint);
    expect(await writing.exportWriting(eve)).toEqual(await writing.exportWriting(ada));
    expect((await preferences.all(eve))[rulesPreference]).toEqual({ maxStoryPoints: 8, patterns: [ticket] });
    expect(await writing.planImport(eve, text)).toMatchObject({ changes: [], refusals: [] });
  });

  it('replace what has the same name and leave the rest alone', async () => {
    using own = setUp();
    const { ada, preferences, texts, writing } = own;
    await preferences.set(ada, rulesPreference, { minCriteria: 4, patterns: [ticket] });
    await texts.saveFormat(ada, { ...wards, kind: 'custom' }, null);
    const [, before] = await texts.formats(ada);
    const text = file({
      rules: { patterns: [{ ...ticket, name: 'TICKET', message: 'Where is it?' }] },
      formats: [{ ...wards, sections: ['Ward'] }],
    });
    const { fingerprint, changes } = await writing.planImport(ada, text);
    expect(changes.map(({ name, effect }) => [name, effect])).toEqual([
      ['TICKET', 'replaced'],
      ['Wards', 'replaced'],
    ]);
    await writing.importWriting(ada, text, fingerprint);
    expect(await texts.formats(ada)).toEqual([classic, { ...before, sections: ['Ward'] }]);
    expect((await preferences.all(ada))[rulesPreference]).toMatchObject({
      minCriteria: 4,
      patterns: [{ name: 'TICKET' }],
    });
  });

  it('say of each entry why it cannot be taken, and import nothing of the file', async () => {
    using own = setUp();
    const { ada, preferences, writing } = own;
    const text = file({
      rules: { maxStoryPoints: 800, valueOf: 3, minCriteria: 4, patterns: [{ ...ticket, pattern: '(' }] },
      formats: [{ ...wards, sections: [] }, { ...wards, name: 'classic' }, wards, wards],
      prompts: ['short'],
    });
    const plan = await writing.planImport(ada, text);
    expect(plan.refusals.map(({ where }) => where)).toEqual([
      'The rule “Most story points”',
      // A name that every object has, and no rule.
      'The rule “valueOf”',
      'The first pattern rule, “Ticket”',
      'The first format, “Wards”',
      'The second format, “classic”',
      'The fourth format, “Wards”',
      'The first prompt',
    ]);
    expect(plan.refusals[0]?.sentence).toBe('Type a number from 1 to 100.');
    expect(plan.refusals[3]?.sentence).toContain('needs its sections');
    expect(plan.changes.map(({ name }) => name)).toEqual(['Fewest acceptance criteria', 'Wards']);
    await expect(writing.importWriting(ada, text, plan.fingerprint)).rejects.toMatchObject({
      code: 'writing_file_invalid',
    });
    expect(await preferences.all(ada)).toEqual({});
  });

  it('are not imported in another way than was agreed to', async () => {
    using own = setUp();
    const { ada, preferences, writing } = own;
    const text = file({ rules: { maxStoryPoints: 8, minCriteria: 4 } });
    const { fingerprint } = await writing.planImport(ada, text);
    await preferences.set(ada, rulesPreference, { minCriteria: 5 });
    await expect(writing.importWriting(ada, text, fingerprint)).rejects.toMatchObject({
      code: 'import_overtaken',
    });
    expect(await preferences.all(ada)).toEqual({ [rulesPreference]: { minCriteria: 5 } });
  });

  it('are stored together or not at all', async () => {
    using own = setUp();
    const { ada, preferences, writing } = own;
    await preferences.setAll(
      ada,
      Object.fromEntries(Array.from({ length: 199 }, (_, index) => [`key${index}`, index])),
    );
    const text = file({ rules: { minCriteria: 4 }, formats: [wards] });
    const { fingerprint } = await writing.planImport(ada, text);
    await expect(writing.importWriting(ada, text, fingerprint)).rejects.toMatchObject({
      code: 'preference_invalid',
    });
    expect(Object.keys(await preferences.all(ada))).toHaveLength(199);
  });

  it('are no more than the person may keep', async () => {
    using own = setUp();
    const formats = Array.from({ length: 21 }, (_, index) => ({ ...wards, name: `Wards ${index}` }));
    const { refusals } = await own.writing.planImport(own.ada, file({ formats }));
    expect(refusals).toEqual([
      { where: 'The formats', sentence: 'With these you would have 21 of your own; at most 20 are kept.' },
    ]);
  });

  it.each([
    ['nothing', ' '],
    ['no JSON', '{'],
    ['something else', '{"name":"package"}'],
    ['a later version', '{"backlogueWriting":2}'],
    ['more than is possible', file({ prompts: ['x'.repeat(600_000)] })],
  ])('are not looked for in %s', async (_, text) => {
    using own = setUp();
    await expect(own.writing.planImport(own.ada, text)).rejects.toMatchObject({
      code: 'writing_file_invalid',
    });
  });

  it('may be pattern rules alone, as they were exported before', async () => {
    using own = setUp();
    const text = JSON.stringify({ backlogueRules: 1, patterns: [ticket] });
    expect((await own.writing.planImport(own.ada, text)).changes).toEqual([
      { part: 'pattern', name: 'Ticket', effect: 'added' },
    ]);
  });
});
