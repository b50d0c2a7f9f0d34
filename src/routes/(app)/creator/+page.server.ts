import { redirect } from '@sveltejs/kit';
import { parseForm } from '../../form-reply';
import { guardPage } from '../../signed-in';
import { formAction } from '../form-action';
import { orProblem, projectChoices, type ProjectChoices } from './composer-choices';
import { createConversation, newConversationFormSchema } from './create-conversation';
import type { Actions, PageServerLoad } from './$types';

const noChoices: ProjectChoices = { issueTypes: [], epics: [] };

export const load: PageServerLoad = async ({ locals, url, parent }) => {
  const { actor } = guardPage(locals, url);
  const { workspace } = locals.services;
  const { features } = await parent();
  const missing = features.find(({ feature }) => feature === 'issueCreator')?.missing ?? [];
  const [formats, prompts] = await Promise.all([workspace.formats(actor), workspace.prompts(actor)]);
  const composer = { missing, formats, prompts };
  if (missing.length > 0)
    return { ...composer, projects: [], projectKey: '', choices: noChoices, problem: null };

  const projects = await orProblem(workspace.projects(actor), [], locals.requestId);
  const wanted = url.searchParams.get('project');
  const projectKey = (projects.value.find(({ key }) => key === wanted) ?? projects.value[0])?.key ?? '';
  const choices =
    projectKey === ''
      ? { value: noChoices, problem: null }
      : await orProblem(projectChoices(workspace, actor, projectKey), noChoices, locals.requestId);
  return {
    ...composer,
    projects: projects.value,
    projectKey,
    choices: choices.value,
    problem: projects.problem ?? choices.problem,
  };
};

export const actions: Actions = {
  create: formAction(async ({ actor, form, fields, locals }) => {
    const input = parseForm(newConversationFormSchema, fields);
    const filesIn = (field: string) =>
      form.getAll(field).filter((file): file is File => file instanceof File && file.size > 0);
    const conversationId = await createConversation(locals.services, actor, input, {
      files: filesIn('files'),
      pasted: filesIn('pasted'),
    });
    redirect(303, `/creator/${conversationId}`);
  }),
};
