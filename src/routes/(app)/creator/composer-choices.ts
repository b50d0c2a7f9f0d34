import { AppError } from '$lib/server/errors/app-error';
import type { Problem } from '$lib/contracts/problem';
import type { Actor, WorkspaceService } from '$lib/server/services/services';

export interface ProjectChoices {
  issueTypes: string[];
  epics: { key: string; summary: string }[];
}

/** Issue types and epics of one project. An epic list that cannot be read is empty: it is only a convenience. */
export async function projectChoices(
  workspace: Pick<WorkspaceService, 'issueTypes' | 'epics'>,
  actor: Actor,
  projectKey: string,
): Promise<ProjectChoices> {
  const [issueTypes, epics] = await Promise.all([
    workspace.issueTypes(actor, projectKey),
    workspace.epics(actor, projectKey).catch((error: unknown) => {
      if (error instanceof AppError) return [];
      throw error;
    }),
  ]);
  return { issueTypes, epics };
}

/** What a page can live without: the value, or `fallback` and the problem to show. */
export async function orProblem<T>(
  work: Promise<T>,
  fallback: T,
  requestId: string,
): Promise<{ value: T; problem: Problem | null }> {
  try {
    return { value: await work, problem: null };
  } catch (error) {
    if (error instanceof AppError) return { value: fallback, problem: error.toProblem(requestId) };
    throw error;
  }
}
