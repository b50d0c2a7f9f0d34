import { fail } from '@sveltejs/kit';
import { z } from 'zod';
import { currentPasswordSchema } from '$lib/contracts/account';
import type { ConnectionKind } from '$lib/contracts/connection';
import { parseForm, refuse } from '../../form-reply';
import { guardPage } from '../../signed-in';
import { formActions } from '../form-action';
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

const saving = formActions(refusedIn('save'));
const revealing = formActions(refusedIn('reveal'));

export const actions: Actions = {
  /** Saves what was changed; with `then=test` the connection is tested afterwards, changed or not. */
  save: saving(async ({ actor, form, locals }) => {
    const { configuration } = locals.services;
    const kind = kindOf(form);
    const input = await readConnectionForm(form);
    const stored = (await configuration.views(actor)).find((view) => view.kind === kind);
    if (!stored || changesSomething(input, stored)) await configuration.save(actor, kind, input);
    const tested = form.get('then') === 'test' ? await configuration.test(actor, kind) : null;
    return { saved: kind, tested };
  }),
  /** Forgets the stored secret. */
  remove: saving(async ({ actor, form, locals }) => {
    const kind = kindOf(form);
    await locals.services.configuration.removeSecret(actor, kind);
    return { removed: kind };
  }),
  /** The owner's own secret, once, for their password, audited. */
  reveal: revealing(async ({ actor, form, fields, locals }, { setHeaders }) => {
    setHeaders({ 'cache-control': 'no-store' });
    const kind = kindOf(form);
    const { currentPassword } = parseForm(revealSchema, fields);
    const secret = await locals.services.configuration.reveal(actor, kind, currentPassword);
    return { revealed: kind, secret };
  }),
};

/** Both forms of a card name its connection, so the answer says which of them it is for. */
function refusedIn(form: 'save' | 'reveal') {
  return (...details: Parameters<typeof refuse>) => {
    const { status, data } = refuse(...details);
    return fail(status, { ...data, refused: form });
  };
}
