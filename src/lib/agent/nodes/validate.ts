import type { RuleResult, StoryDraft } from '../../contracts/story.ts';
import { workable } from '../conversation.ts';
import type { RunContext } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import { checkRules, isTooBig, mendableViolations, rules } from '../rules/index.ts';
import type { RuleSubject } from '../rules/rule.ts';
import { isOvertaken, saveProposals } from '../save-drafts.ts';
import type { State, Update } from '../state.ts';

/** A child of a child may be split again; what is still too big then is shown to the person. */
export const MAX_SPLIT_ROUNDS = 2;

/**
 * Checks the drafts in work and says what follows: mend first, so that the children of a split inherit mended parts;
 * then split; what is left is the person's to decide.
 */
export async function validate(state: State, context: RunContext): Promise<Update> {
  const drafts = await draftsInWork(state, context);
  if (drafts.length === 0) return { draftIds: [], afterChecks: 'review' };
  return inStep(context, 'validate', `Checking ${count(rules.length, 'rule')}`, async () => {
    await keepResults(drafts, context);
    const subjects = drafts.map((draft) => subjectOf(draft, context));
    return {
      draftIds: drafts.map(({ id }) => id),
      afterChecks: nextStep(
        {
          mendable: subjects.some((subject) => mendableViolations(subject).length > 0),
          tooBig: subjects.some(isTooBig),
        },
        state,
        context.settings.rules.repairAttempts,
      ),
    };
  });
}

export function nextStep(
  found: { mendable: boolean; tooBig: boolean },
  { repairRounds, splitRounds }: Pick<State, 'repairRounds' | 'splitRounds'>,
  repairAttempts: number,
): State['afterChecks'] {
  if (found.mendable && repairRounds < repairAttempts) return 'repair';
  if (found.tooBig && splitRounds < MAX_SPLIT_ROUNDS) return 'split';
  return 'review';
}

export async function draftsInWork({ draftIds }: State, context: RunContext): Promise<StoryDraft[]> {
  const drafts = workable(await context.drafts.list(context.conversationId));
  return drafts.filter(({ id }) => draftIds.includes(id));
}

export function subjectOf({ content, parentId }: StoryDraft, { settings }: RunContext): RuleSubject {
  return { content, settings: settings.rules, projectKey: settings.projectKey, isChild: parentId !== null };
}

/** Saves results that no longer fit the story, for rules may have been set anew since. A bypass stays. */
async function keepResults(drafts: StoryDraft[], context: RunContext): Promise<void> {
  const stale = drafts.flatMap((draft) => {
    const { content, settings, projectKey, isChild } = subjectOf(draft, context);
    const results = checkRules(content, settings, { projectKey, isChild }).map((result) =>
      withBypass(result, draft),
    );
    if (JSON.stringify(results.map(marks)) === JSON.stringify(draft.rules.map(marks))) return [];
    return [
      {
        draftId: draft.id,
        baseVersion: draft.version,
        parentId: draft.parentId,
        position: draft.position,
        content,
        rules: results,
      },
    ];
  });
  try {
    await saveProposals(context, stale);
  } catch (error) {
    // A person edited meanwhile, and an edit is checked as it is saved.
    if (!isOvertaken(error)) throw error;
  }
}

function withBypass(result: RuleResult, draft: StoryDraft): RuleResult {
  const before = draft.rules.find(({ ruleId }) => ruleId === result.ruleId);
  return result.outcome === 'violation' && before?.outcome === 'bypassed' ? before : result;
}

function marks({ ruleId, outcome, mark }: RuleResult): string[] {
  return [ruleId, outcome, mark];
}
