import { fail } from '@sveltejs/kit';
import { readForm, refuse, textFields } from '../../form-reply';
import { guardPage, signedIn } from '../../signed-in';
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
import type { Actions, PageServerLoad, RequestEvent } from './$types';

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

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const { shared, effective } = await locals.services.workspace.rules(actor);
      const settings = readRuleForm(form, settingFieldsOf(locals), effective.patterns);
      await locals.services.workspace.saveRules(actor, ownSettings(settings, shared));
      return { done: 'saved' as const };
    } catch (error) {
      return refuseSettings(error, form, locals);
    }
  },
  /** Says what the typed settings make of the sample story; saves nothing. */
  preview: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { effective } = await locals.services.workspace.rules(signedIn(locals).actor);
      const settings = readRuleForm(form, settingFieldsOf(locals), effective.patterns);
      return {
        marks: locals.services.workspace.previewRules(settings),
        settings: typedSettings(form, locals),
      };
    } catch (error) {
      return refuseSettings(error, form, locals);
    }
  },
  reset: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const { own } = await locals.services.workspace.rules(actor);
      await locals.services.workspace.saveRules(actor, own.patterns ? { patterns: own.patterns } : {});
      return { done: 'reset' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  resetOne: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const { own } = await locals.services.workspace.rules(actor);
      const kept = Object.entries(own).filter(([setting]) => setting !== form.get('setting'));
      await locals.services.workspace.saveRules(actor, Object.fromEntries(kept));
      return { done: 'reset' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  addPattern: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      signedIn(locals);
      const added = readPatternForm(form);
      await changePatterns(locals, (patterns) => withPatterns(patterns, [added]));
      return { patternDone: `“${added.name}” holds from the next draft on.` };
    } catch (error) {
      return refusePattern(error, form, locals.requestId);
    }
  },
  removePattern: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const removed = String(form.get('name') ?? '');
      await changePatterns(locals, (patterns) => patterns.filter(({ name }) => name !== removed));
      return { patternDone: `“${removed}” is removed.` };
    } catch (error) {
      return refusePattern(error, form, locals.requestId);
    }
  },
  /** Says what a file would change; changes nothing. */
  planImport: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const importText = await readImportText(form);
      return { importText, importPlan: await locals.services.workspace.planImport(actor, importText) };
    } catch (error) {
      return refuseImport(error, form, locals.requestId);
    }
  },
  importAll: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const { changes } = await locals.services.workspace.importWriting(
        actor,
        await readImportText(form),
        String(form.get('fingerprint') ?? ''),
      );
      const count = changes.length;
      return {
        importDone: `${count} ${count === 1 ? 'entry' : 'entries'} imported. They hold from the next draft on.`,
      };
    } catch (error) {
      return refuseImport(error, form, locals.requestId);
    }
  },
  /** Says what the typed rule makes of the typed text; saves nothing. */
  tryPattern: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      signedIn(locals);
      const tried = locals.services.workspace.tryPattern(
        readPatternForm(form),
        String(form.get('sample') ?? '').slice(0, 4_000),
      );
      return { tried, patternValues: textFields(form) };
    } catch (error) {
      return refusePattern(error, form, locals.requestId);
    }
  },
  saveFormat: (event) =>
    changeText(event, 'format', async (actor, form) => {
      const { format, id } = readFormatForm(form);
      await event.locals.services.workspace.saveFormat(actor, format, id);
      return `“${format.name}” is saved. It holds from the next message on.`;
    }),
  /** Shows the typed format on the sample story; saves nothing. */
  previewFormat: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      signedIn(locals);
      const { format } = readFormatForm(form);
      const textSample = locals.services.workspace.sampleInFormat(format);
      return { textKind: 'format' as const, textValues: textFields(form), textSample };
    } catch (error) {
      return refuseText(error, form, 'format', locals.requestId);
    }
  },
  removeFormat: (event) =>
    changeText(event, 'format', async (actor, form) => {
      await event.locals.services.workspace.removeFormat(actor, readOwnId(form));
      return 'The format is deleted.';
    }),
  savePrompt: (event) =>
    changeText(event, 'prompt', async (actor, form) => {
      const { prompt, id } = readPromptForm(form);
      await event.locals.services.workspace.savePrompt(actor, prompt, id);
      return `“${prompt.name}” is saved. It holds from the next message on.`;
    }),
  removePrompt: (event) =>
    changeText(event, 'prompt', async (actor, form) => {
      await event.locals.services.workspace.removePrompt(actor, readOwnId(form));
      return 'The prompt is deleted.';
    }),
  language: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      await keepStoryLanguage(locals, form);
      return { done: 'language' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
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
  const { status, data } = refuse(error, form, locals.requestId);
  return fail(status, { ...data, settings: typedSettings(form, locals) });
}

/** `change` answers with what to say. What is refused shows in the form that it came from. */
async function changeText(
  { locals, request }: RequestEvent,
  textKind: 'format' | 'prompt',
  change: (actor: Actor, form: FormData) => Promise<string>,
) {
  const form = await readForm(request, locals);
  try {
    const { actor } = signedIn(locals);
    return { textKind, textDone: await change(actor, form) };
  } catch (error) {
    return refuseText(error, form, textKind, locals.requestId);
  }
}

function refuseText(error: unknown, form: FormData, textKind: 'format' | 'prompt', requestId: string) {
  const { status, data } = refuse(error, form, requestId);
  return fail(status, { textKind, textProblem: data.problem, textValues: data.values });
}

/** The file itself does not travel back: it is chosen again once it is mended. */
function refuseImport(error: unknown, form: FormData, requestId: string) {
  const { status, data } = refuse(error, form, requestId);
  return fail(status, { importProblem: data.problem });
}

async function changePatterns(
  locals: App.Locals,
  change: (patterns: readonly PatternRule[]) => PatternRule[],
): Promise<void> {
  const { actor } = signedIn(locals);
  const { own, effective } = await locals.services.workspace.rules(actor);
  await locals.services.workspace.saveRules(actor, { ...own, patterns: change(effective.patterns) });
}

/** Beside the form of the pattern rules, not of the others. */
function refusePattern(error: unknown, form: FormData, requestId: string) {
  const { status, data } = refuse(error, form, requestId);
  return fail(status, { patternProblem: data.problem, patternValues: data.values });
}
