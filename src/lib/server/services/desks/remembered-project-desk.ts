import type { ProjectDesk } from '../workspace-service.ts';

export interface RememberedDesks {
  /** As the desk that is remembered, for one person. */
  of(userId: string, open: () => Promise<ProjectDesk>): ProjectDesk;
  /** What a former token or address showed must not be shown any more. */
  forget(userId: string): void;
}

/** Long enough for going to and fro between pages, short enough that nobody waits for a new epic. */
const FRESH_FOR_MS = 60_000;
/** Answers kept over all people; the oldest go first. */
const MOST_ANSWERS = 2_000;

interface Answer {
  at: number;
  value: Promise<unknown>;
}

/**
 * Keeps what Jira told each person for a minute, so that going from page to page asks it nothing, and pages that open
 * at once share one question. Failures and empty lists are asked for again. In memory: they are copies, good for a look.
 */
export function rememberProjectDesks({ clock }: { clock: { now(): number } }): RememberedDesks {
  const answers = new Map<string, Answer>();

  function remembered<T>(key: string, ask: () => Promise<T[]>): Promise<T[]> {
    const known = answers.get(key);
    if (known && clock.now() - known.at < FRESH_FOR_MS) return known.value as Promise<T[]>;
    const answer: Answer = { at: clock.now(), value: ask() };
    answers.delete(key);
    answers.set(key, answer);
    if (answers.size > MOST_ANSWERS) answers.delete(answers.keys().next().value ?? key);
    const asked = answer.value as Promise<T[]>;
    const drop = () => {
      if (answers.get(key) === answer) answers.delete(key);
    };
    asked.then((list) => list.length === 0 && drop(), drop);
    return asked;
  }

  return {
    of(userId, open) {
      return {
        projects: () => remembered(`${userId} projects`, async () => (await open()).projects()),
        issueTypes: (projectKey) =>
          remembered(`${userId} types ${projectKey}`, async () => (await open()).issueTypes(projectKey)),
        epics: (projectKey) =>
          remembered(`${userId} epics ${projectKey}`, async () => (await open()).epics(projectKey)),
      };
    },
    forget(userId) {
      for (const key of answers.keys()) if (key.startsWith(`${userId} `)) answers.delete(key);
    },
  };
}
