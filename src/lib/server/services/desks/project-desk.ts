import type { JiraRest } from '../../adapters/jira-rest.ts';
import type { ProjectDesk } from '../workspace-service.ts';

const mostEpics = 100;

/** Projects, issue types and open epics as one person's token sees them. */
export function createProjectDesk(jira: JiraRest): ProjectDesk {
  return {
    async projects() {
      const projects = await jira.projects();
      return projects.map(({ key, name }) => ({ key, name })).sort((a, b) => a.name.localeCompare(b.name));
    },
    async issueTypes(projectKey) {
      const types = await jira.issueTypes(projectKey);
      return types.map(({ id, name, subtask }) => ({ id, name, isSubtask: subtask }));
    },
    async epics(projectKey) {
      const jql = `project = "${projectKey}" AND issuetype = Epic ORDER BY updated DESC`;
      const { issues } = await jira.search({ jql, limit: mostEpics });
      return issues.map(({ key, summary }) => ({ key, summary }));
    },
  };
}
