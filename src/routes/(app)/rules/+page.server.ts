import { fail } from '@sveltejs/kit';
import { refuse, textFields } from '../../form-reply';
import { guardPage, signedIn } from '../../signed-in';
import { readOwnRuleForm } from './rule-form';
import { readPatternFile, readPatternForm, withPatterns } from './pattern-form';
import type { PatternRule } from '$lib/contracts/pattern-rule';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
  const { actor } = guardPage(locals, url);
  const { workspace } = locals.services;
  const [rules, formats, prompts] = await Promise.all([
    workspace.rules(actor),
    workspace.formats(actor),
    workspace.prompts(actor),
  ]);
  return { ...rules, formats, prompts };
};

export const actions: Actions = {
  save: async ({ locals, request }) => {
    const form = await request.formData();
    try {
      const { actor } = signedIn(locals);
      const { shared, effective } = await locals.services.workspace.rules(actor);
      const own = readOwnRuleForm(form, shared, effective.patterns);
      await locals.services.workspace.saveRules(actor, own);
      return { done: 'saved' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  reset: async ({ locals, request }) => {
    const form = await request.formData();
    try {
      const { actor } = signedIn(locals);
      const { own } = await locals.services.workspace.rules(actor);
      await locals.services.workspace.saveRules(actor, own.patterns ? { patterns: own.patterns } : {});
      return { done: 'reset' as const };
    } catch (error) {
      return refuse(error, form, locals.requestId);
    }
  },
  addPattern: async ({ locals, request }) => {
    const form = await request.formData();
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
    const form = await request.formData();
    try {
      const removed = String(form.get('name') ?? '');
      await changePatterns(locals, (patterns) => patterns.filter(({ name }) => name !== removed));
      return { patternDone: `“${removed}” is removed.` };
    } catch (error) {
      return refusePattern(error, form, locals.requestId);
    }
  },
  importPatterns: async ({ locals, request }) => {
    const form = await request.formData();
    try {
      signedIn(locals);
      const added = await readPatternFile(form);
      await changePatterns(locals, (patterns) => withPatterns(patterns, added));
      return { patternDone: `${added.length} ${added.length === 1 ? 'rule' : 'rules'} imported.` };
    } catch (error) {
      return refusePattern(error, form, locals.requestId);
    }
  },
  /** Says what the typed rule makes of the typed text; saves nothing. */
  tryPattern: async ({ locals, request }) => {
    const form = await request.formData();
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
};

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
