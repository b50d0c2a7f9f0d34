import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseConfigTexts, readConfigTexts } from '../settings/config-files.ts';
import { effectiveRules } from './rule-settings.ts';
import { createWritingSettings } from './writing-settings.ts';

const folder = fileURLToPath(new URL('../../../../config', import.meta.url));
const loaded = parseConfigTexts(readConfigTexts(folder), folder, {});
if (!('files' in loaded)) throw new Error('The shipped configuration cannot be used.');
const { files, authorities } = loaded;
const actor = { userId: 'u1', employeeId: 'E1', role: 'user' as const, requestId: 'r1' };

function settingsWith(
  stored: Record<string, unknown>,
  chosen: { formatId: string; promptId: string | null },
) {
  const { rules } = files.config;
  const settingsFor = createWritingSettings({
    config: { current: () => ({ ...files, authorities, hash: '', loadedAt: 0 }) },
    preferences: { all: async () => stored },
    workspace: { rules: async () => ({ shared: rules, own: {}, effective: effectiveRules(rules, {}) }) },
    choicesOf: async () => ({
      projectKey: 'DEMO',
      choices: { ...chosen, issueType: 'Story', epicKey: null },
    }),
    toolHints: async () => [],
  });
  return settingsFor(actor, 'c1');
}

const chosen = { formatId: 'my-01', promptId: 'my-02' };
const stored = {
  'format.my-01': { name: 'Wards', kind: 'custom', instructions: 'Short.', sections: ['Ward'] },
  'prompt.my-02': { name: 'Hospitals', text: 'Our customers are hospitals.' },
  language: 'de',
};

test('Stories are written in the format, with the prompt and in the language that a person made their own', async () => {
  expect(await settingsWith(stored, chosen)).toMatchObject({
    format: { id: 'my-01', sections: ['Ward'] },
    customPrompt: { text: 'Our customers are hospitals.' },
    language: 'de',
  });
});

test('A conversation whose format and prompt were deleted goes on with the first format and no prompt', async () => {
  expect(await settingsWith({}, chosen)).toMatchObject({
    format: files.prompts.storyFormats[0],
    customPrompt: null,
  });
});
