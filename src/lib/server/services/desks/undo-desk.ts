import type { JiraRest } from '../../adapters/jira-rest.ts';
import type { IssueHistory } from '../../adapters/jira/issue-history.ts';
import type { IssueTools } from '../../adapters/mcp/issue-tools.ts';
import { UpstreamError } from '../../errors/app-error.ts';

/** Taking issues back, as one person's token may. Rejects with UpstreamErrors for what only failed. */
export interface UndoDesk {
  /** Null when it is not there any more, or not visible. */
  history(issueKey: string): Promise<IssueHistory | null>;
  /** False where this person may not delete it. One that is gone already counts as deleted. */
  delete(issueKey: string): Promise<boolean>;
  /** Moves it to where work ends; the status it went to, or null where no such way is open. */
  close(issueKey: string): Promise<string | null>;
  /** False where it cannot be labelled. Safe to repeat. */
  label(issueKey: string, label: string): Promise<boolean>;
}

interface UndoDeskDeps {
  tools: Pick<IssueTools, 'deleteIssue'>;
  jira: () => Promise<JiraRest>;
}

export function createUndoDesk({ tools, jira }: UndoDeskDeps): UndoDesk {
  return {
    async history(issueKey) {
      const rest = await jira();
      return rest.history(issueKey).catch((error: unknown) => {
        if (statusOf(error) === 404) return null;
        throw error;
      });
    },
    async delete(issueKey) {
      try {
        await tools.deleteIssue(issueKey);
        return true;
      } catch (error) {
        if (statusOf(error) === 404) return true;
        if (isRefusal(error)) return false;
        throw error;
      }
    },
    async close(issueKey) {
      const rest = await jira();
      const offered = await rest.transitions(issueKey);
      const ending = offered.find(({ to }) => to.statusCategory?.key === 'done');
      if (!ending) return null;
      try {
        await rest.transition(issueKey, ending.id);
        return ending.to.name;
      } catch (error) {
        if (isRefusal(error)) return null;
        throw error;
      }
    },
    async label(issueKey, label) {
      try {
        await (await jira()).updateLabels(issueKey, { add: [label] });
        return true;
      } catch (error) {
        if (isRefusal(error)) return false;
        throw error;
      }
    },
  };
}

/** 401 is not among them: a token that ran out says nothing about what its owner may do. */
function isRefusal(error: unknown): boolean {
  return [400, 403, 405].includes(statusOf(error) ?? 0);
}

function statusOf(error: unknown): number | undefined {
  return error instanceof UpstreamError ? error.status : undefined;
}
