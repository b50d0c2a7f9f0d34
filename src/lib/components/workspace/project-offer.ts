/** What a project takes: its issue types, and its open epics. */
export interface ProjectOffer {
  issueTypes: string[];
  epics: { key: string; summary: string }[];
}

/** Asks Jira, by way of the server; null where either does not answer. Never rejects. */
export async function readProjectOffer(projectKey: string): Promise<ProjectOffer | null> {
  try {
    const answer = await fetch(`/creator/choices?project=${encodeURIComponent(projectKey)}`);
    return answer.ok ? ((await answer.json()) as ProjectOffer) : null;
  } catch {
    return null;
  }
}
