import type { Rule } from './rule.ts';

/** All stories of a conversation belong to its one project, their epic too. */
export const singleProject: Rule = {
  id: 'single_project',
  name: 'Single project',
  check({ content: { epicKey }, projectKey }) {
    if (projectKey === null) return { outcome: 'ok', mark: 'project' };
    const epicProject = epicKey?.slice(0, epicKey.lastIndexOf('-')) ?? projectKey;
    if (epicProject === projectKey) return { outcome: 'ok', mark: `project ${projectKey}` };
    const message = `The epic ${epicKey} belongs to ${epicProject}, this conversation to ${projectKey}. Choose an epic of ${projectKey}, or none.`;
    return {
      outcome: 'violation',
      mark: `project ${epicProject}`,
      field: 'epicKey',
      message,
      mend: 'person',
    };
  },
};
