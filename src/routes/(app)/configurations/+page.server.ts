import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { currentPasswordSchema } from '$lib/contracts/account';
import type { ConnectionKind } from '$lib/contracts/connection';
import { parseForm, readForm, refuse, textFields } from '../../form-reply';
import { guardPage, signedIn } from '../../signed-in';
import { changesSomething, kindOf, readConnectionForm } from './connection-form';
import type { Actions, PageServerLoad } from './$types';

/** The longest credential that the contract takes; Confluence's own limit is a setting. */
const SECRET_MAX_LENGTH = 8_192;

const revealSchema = z.object({ currentPassword: currentPasswordSchema });

export const load: PageServerLoad = async ({ locals, url }) => {
  const { actor } = guardPage(locals, url);
  const { configuration, system } = locals.services;
  const practised = system
    .practicePeople()
    .find(({ employeeId }) => employeeId.toLowerCase() === actor.employeeId.toLowerCase());
  const practiceSecrets: Record<ConnectionKind, string> | null = practised
    ? { jira: practised.jiraToken, confluence: practised.confluenceToken, llm: practised.llmCookie }
    : null;
  return {
    views: await configuration.views(actor),
    practiceSecrets,
    modelName: system.modelName(),
    configProblems: actor.role === 'administrator' ? system.configProblems() : [],
    secretMaxLengths: {
      jira: SECRET_MAX_LENGTH,
      confluence: configuration.confluenceTokenMaxLength(),
      llm: SECRET_MAX_LENGTH,
    } satisfies Record<ConnectionKind, number>,
  };
};

export const actions: Actions = {
  /** Saves what was changed; with `then=test` the connection is tested afterwards, changed or not. */
  save: async ({ locals, request }) => {
    const { configuration } = locals.services;
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const kind = kindOf(form);
      const input = await readConnectionForm(form);
      const stored = (await configuration.views(actor)).find((view) => view.kind === kind);
      if (!stored || changesSomething(input, stored)) await configuration.save(actor, kind, input);
      const tested = form.get('then') === 'test' ? await configuration.test(actor, kind) : null;
      return { saved: kind, tested };
    } catch (error) {
      return refused('save', error, form, locals.requestId);
    }
  },
  /** Forgets the stored secret. */
  remove: async ({ locals, request }) => {
    const form = await readForm(request, locals);
    try {
      const { actor } = signedIn(locals);
      const kind = kindOf(form);
      await locals.services.configuration.removeSecret(actor, kind);
      return { removed: kind };
    } catch (error) {
      return refused('save', error, form, locals.requestId);
    }
  },
  /** The owner's own secret, once, for their password, audited. */
  reveal: async ({ locals, request, setHeaders }) => {
    const form = await readForm(request, locals);
    setHeaders({ 'cache-control': 'no-store' });
    try {
      const { actor } = signedIn(locals);
      const kind = kindOf(form);
      const { currentPassword } = parseForm(revealSchema, textFields(form));
      const secret = await locals.services.configuration.reveal(actor, kind, currentPassword);
      return { revealed: kind, secret };
    } catch (error) {
      return refused('reveal', error, form, locals.requestId);
    }
  },
};

/** Both forms of a card name its connection, so the answer says which of them it is for. */
function refused(form: 'save' | 'reveal', ...details: Parameters<typeof refuse>) {
  const { status, data } = refuse(...details);
  return fail(status, { ...data, refused: form });
}
