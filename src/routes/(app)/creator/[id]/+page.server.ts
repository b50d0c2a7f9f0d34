import { error, redirect } from '@sveltejs/kit';
import { ulid } from 'ulid';
import { z } from 'zod';
import { clientEvents, messageMaxCharacters } from '$lib/contracts/socket-events';
import { toError } from '$lib/server/errors/to-http';
import { parseForm } from '../../../form-reply';
import { guardPage } from '../../../signed-in';
import { formAction } from '../../form-action';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { actor } = guardPage(locals, url);
  const { conversations, workspace, bypassRules } = locals.services;
  try {
    const [opened, formats, prompts, bypassTerms] = await Promise.all([
      conversations.open(actor, params.id),
      workspace.formats(actor),
      workspace.prompts(actor),
      bypassRules.termsFor(actor),
    ]);
    return { opened, formats, prompts, bypassTerms };
  } catch (caught) {
    const { status, problem } = toError(caught, locals.requestId);
    error(status, problem);
  }
};

const messageFormSchema = z.object({
  text: z
    .string()
    .trim()
    .min(1, 'Write something first.')
    .max(messageMaxCharacters, `A message has at most ${messageMaxCharacters} characters.`),
});

const answersFormSchema = z
  .looseObject({ interruptId: z.string().min(1).max(64) })
  .transform(({ interruptId, ...fields }) => ({
    interruptId,
    answers: Object.entries(fields).flatMap(([name, text]) =>
      name.startsWith('answer.')
        ? [{ questionId: name.slice('answer.'.length), text: String(text).trim() || null }]
        : [],
    ),
  }))
  .pipe(clientEvents['clarify:answer'].payload.omit({ conversationId: true }));

export const actions: Actions = {
  /** For pages without scripts; the others send through the channel. */
  send: formAction(async ({ actor, fields, locals }, { params }: RequestEvent) => {
    const { text } = parseForm(messageFormSchema, fields);
    await locals.services.commands['message:send'](actor, {
      conversationId: params.id,
      messageId: ulid(),
      text,
      draftIds: [],
    });
    redirect(303, `/creator/${params.id}`);
  }),
  /** The same for questions: `answer.<question>` for each, and what is empty counts as skipped. */
  answer: formAction(async ({ actor, fields, locals }, { params }: RequestEvent) => {
    const { interruptId, answers } = parseForm(answersFormSchema, fields);
    await locals.services.commands['clarify:answer'](actor, {
      conversationId: params.id,
      interruptId,
      answers,
    });
    redirect(303, `/creator/${params.id}`);
  }),
};
