import { expect, it } from 'vitest';
import { z } from 'zod';
import { settingFields, toldSetting } from './settings-fields.ts';

const said = { title: 'Tone', description: 'How it sounds.' };

it('describes each kind of setting as a page draws it', () => {
  const fields = settingFields(
    z.strictObject({
      most: z.number().int().min(1).max(9).default(3).meta(said),
      strict: z.boolean().default(true).meta(said),
      tone: z
        .enum(['plain', 'formal'])
        .default('plain')
        .meta({ ...said, labels: { plain: 'Plain words' } }),
      parts: z
        .array(z.enum(['head', 'tail']))
        .default([])
        .meta(said),
      scale: z.array(z.number()).default([1]).meta(said),
      words: z.array(z.string()).default([]).meta(said),
    }),
  );
  expect(fields.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
    'most: number',
    'strict: boolean',
    'tone: choice',
    'parts: choices',
    'scale: scale',
    'words: words',
  ]);
  expect(fields[0]).toEqual({ name: 'most', ...said, kind: 'number', min: 1, max: 9, whole: true });
  const values = [3, true, 'plain', ['tail'], [1, 2], []];
  expect(fields.map((field, index) => toldSetting(field, values[index]))).toEqual([
    '3',
    'on',
    'Plain words',
    'tail',
    '1, 2',
    'none',
  ]);
});

it.each([
  ['has no title', z.number().min(0).max(1)],
  ['has no limits', z.number().meta(said)],
  ['is of a kind that no page draws', z.object({}).meta(said)],
])('refuses a setting that %s', (_, setting) => {
  expect(() => settingFields(z.strictObject({ odd: setting }))).toThrow(/“odd” cannot be drawn/);
});
