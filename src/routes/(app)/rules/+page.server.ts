import { fail } from '@sveltejs/kit';
import { refuse } from '../../form-reply';
import { guardPage } from '../../signed-in';
import { formAction, formActions } from '../form-action';
import { keepStoryLanguage } from '../story-language';
import { readFormatForm, readOwnId, readPromptForm } from './own-text-form';
import { readRuleForm } from './rule-form';
import { readPatternForm } from './pattern-form';
import { readImportText } from './import-form';
import { ownSettings, withPatterns } from '$lib/contracts/own-rules';
import { isOwnText } from '$lib/contracts/own-texts';
import { readPreference } from '$lib/contracts/preferences';
import type { PatternRule } from '$lib/contracts/pattern-rule';
import type { SettingField } from '$lib/contracts/settings-fields';
import type { Actor } from '$lib/server/services/services';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { actor } = guardPage(locals, url);
  const { workspace } = locals.services;
  const [rules, formats, prompts, stored] = await Promise.all([
    workspace.rules(actor),
    workspace.formats(actor),
    workspace.prompts(actor),
    locals.services.preferences.all(actor),
  ]);
  return {
    ...rules,
    groups: workspace.ruleSettingGroups(),
    sample: workspace.sampleStory(),
    marks: workspace.previewRules(rules.effective),
    formats: formats
      .filter((format) => !isOwnText(format))
      .map((format) => ({ ...format, sample: workspace.sampleInFormat(format) })),
    prompts: prompts.filter((prompt) => !isOwnText(prompt)),
    ownFormats: formats.filter(isOwnText),
    ownPrompts: prompts.filter(isOwnText),
    language: readPreference(stored, 'language', 'auto'),
  };
};

const settingsAction = formActions(refuseSettings);
const patternAction = formActions(refusePattern);
const importAction = formActions(refuseImport);
const formatAction = formActions(refusedText('format'));
const promptAction = formActions(refusedText('prompt'));

export const actions: Actions = {
  save: settingsAction(async ({ actor, form, locals }) => {
    const { shared, effective } = await locals.services.workspace.rules(actor);
    const settings = readRuleForm(form, settingFieldsOf(locals), effective.patterns);
    await locals.services.workspace.saveRules(actor, ownSettings(settings, shared));
    return { done: 'saved' as const };
  }),
  /** Says what the typed settings make of the sample story; saves nothing. */
  preview: settingsAction(async ({ actor, form, locals }) => {
    const { effective } = await locals.services.workspace.rules(actor);
    const settings = readRuleForm(form, settingFieldsOf(locals), effective.patterns);
    return {
      marks: locals.services.workspace.previewRules(settings),
      settings: typedSettings(form, locals),
    };
  }),
  reset: formAction(async ({ actor, locals }) => {
    const { own } = await locals.services.workspace.rules(actor);
    await locals.services.workspace.saveRules(actor, own.patterns ? { patterns: own.patterns } : {});
    return { done: 'reset' as const };
  }),
  resetOne: formAction(async ({ actor, form, locals }) => {
    const { own } = await locals.services.workspace.rules(actor);
    const kept = Object.entries(own).filter(([setting]) => setting !== form.get('setting'));
    await locals.services.workspace.saveRules(actor, Object.fromEntries(kept));
    return { done: 'reset' as const };
  }),
  addPattern: patternAction(async ({ actor, form, locals }) => {
    const added = readPatternForm(form);
    await changePatterns(locals, actor, (patterns) => withPatterns(patterns, [added]));
    return { patternDone: `“${added.name}” holds from the next draft on.` };
  }),
  removePattern: patternAction(async ({ actor, form, locals }) => {
    const removed = String(form.get('name') ?? '');
    await changePatterns(locals, actor, (patterns) => patterns.filter(({ name }) => name !== removed));
    return { patternDone: `“${removed}” is removed.` };
  }),
  /** Says what a file would change; changes nothing. */
  planImport: importAction(async ({ actor, form, locals }) => {
    const importText = await readImportText(form);
    return { importText, importPlan: await locals.services.workspace.planImport(actor, importText) };
  }),
  importAll: importAction(async ({ actor, form, locals }) => {
    const { changes } = await locals.services.workspace.importWriting(
      actor,
      await readImportText(form),
      String(form.get('fingerprint') ?? ''),
    );
    const count = changes.length;
    return {
      importDone: `${count} ${count === 1 ? 'entry' : 'entries'} imported. They hold from the next draft on.`,
    };
  }),
  /** Says what the typed rule makes of the typed text; saves nothing. */
  tryPattern: patternAction(async ({ form, fields, locals }) => {
    const tried = locals.services.workspace.tryPattern(
      readPatternForm(form),
      String(form.get('sample') ?? '').slice(0, 4_000),
    );
    return { tried, patternValues: fields };
  }),
  saveFormat: formatAction(async ({ actor, form, locals }) => {
    const { format, id } = readFormatForm(form);
    await locals.services.workspace.saveFormat(actor, format, id);
    return textDone('format', `“${format.name}” is saved. It holds from the next message on.`);
  }),
  /** Shows the typed format on the sample story; saves nothing. */
  previewFormat: formatAction(async ({ form, fields, locals }) => {
    const { format } = readFormatForm(form);
    const textSample = locals.services.workspace.sampleInFormat(format);
    return { textKind: 'format' as const, textValues: fields, textSample };
  }),
  removeFormat: formatAction(async ({ actor, form, locals }) => {
    await locals.services.workspace.removeFormat(actor, readOwnId(form));
    return textDone('format', 'The format is deleted.');
  }),
  savePrompt: promptAction(async ({ actor, form, locals }) => {
    const { prompt, id } = readPromptForm(form);
    await locals.services.workspace.savePrompt(actor, prompt, id);
    return textDone('prompt', `“${prompt.name}” is saved. It holds from the next message on.`);
  }),
  removePrompt: promptAction(async ({ actor, form, locals }) => {
    await locals.services.workspace.removePrompt(actor, readOwnId(form));
    return textDone('prompt', 'The prompt is deleted.');
  }),
  language: formAction(async (submission) => {
    await keepStoryLanguage(submission);
    return { done: 'language' as const };
  }),
};

function settingFieldsOf({ services }: App.Locals): SettingField[] {
  return services.workspace.ruleSettingGroups().flatMap(({ fields }) => fields);
}

/** What stood in the form's fields; those with several values have each of them. */
function typedSettings(form: FormData, locals: App.Locals): Record<string, string[]> {
  return Object.fromEntries(
    settingFieldsOf(locals).map(({ name }) => [name, form.getAll(name).map((value) => String(value))]),
  );
}

function refuseSettings(error: unknown, form: FormData, locals: App.Locals) {
  const { status, data } = refuse(error, form, locals);
  return fail(status, { ...data, settings: typedSettings(form, locals) });
}

/** Shows in the form that it came from. */
function textDone(textKind: 'format' | 'prompt', said: string) {
  return { textKind, textDone: said };
}

/** The same for what is refused. */
function refusedText(textKind: 'format' | 'prompt') {
  return (...details: Parameters<typeof refuse>) => {
    const { status, data } = refuse(...details);
    return fail(status, { textKind, textProblem: data.problem, textValues: data.values });
  };
}

/** The file itself does not travel back: it is chosen again once it is mended. */
function refuseImport(...details: Parameters<typeof refuse>) {
  const { status, data } = refuse(...details);
  return fail(status, { importProblem: data.problem });
}

async function changePatterns(
  locals: App.Locals,
  actor: Actor,
  change: (patterns: readonly PatternRule[]) => PatternRule[],
): Promise<void> {
  const { own, effective } = await locals.services.workspace.rules(actor);
  await locals.services.workspace.saveRules(actor, { ...own, patterns: change(effective.patterns) });
}

/** Beside the form of the pattern rules, not of the others. */
function refusePattern(...details: Parameters<typeof refuse>) {
  const { status, data } = refuse(...details);
  return fail(status, { patternProblem: data.problem, patternValues: data.values });
}
