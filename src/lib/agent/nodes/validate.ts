import type { RuleResult, StoryDraft } from '../../contracts/story.ts';
import { workable } from '../conversation.ts';
import type { RunContext } from '../ports.ts';
import { count, inStep } from '../progress.ts';
import { checkRules, isTooBig, keepBypasses, mendableViolations, rulesOf } from '../rules/index.ts';
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
  return inStep(
    context,
    'validate',
    `Checking ${count(rulesOf(context.settings.rules).length, 'rule')}`,
    async () => {
      await keepResults(drafts, context);
      return {
        draftIds: drafts.map(({ id }) => id),
        afterChecks: nextStep(
          {
            mendable: drafts.some((draft) => violationsToMend(draft, context).length > 0),
            tooBig: drafts.some(
              (draft) => isTooBig(subjectOf(draft, context)) && !isSetAside(draft, 'story_points'),
            ),
          },
          state,
          context.settings.rules.repairAttempts,
        ),
      };
    },
  );
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
  const { rules, projectKey, format } = settings;
  return { content, settings: rules, projectKey, sections: format.sections, isChild: parentId !== null };
}

/** What the model is asked to mend: not what an administrator set aside. */
export function violationsToMend(draft: StoryDraft, context: RunContext): RuleResult[] {
  return mendableViolations(subjectOf(draft, context)).filter(({ ruleId }) => !isSetAside(draft, ruleId));
}

export function isSetAside({ rules }: StoryDraft, ruleId: string): boolean {
  return rules.some((result) => result.ruleId === ruleId && result.outcome === 'bypassed');
}

/** Saves results that no longer fit the story, for rules may have been set anew since. A bypass stays. */
async function keepResults(drafts: StoryDraft[], context: RunContext): Promise<void> {
  const stale = drafts.flatMap((draft) => {
    const { content, settings, ...place } = subjectOf(draft, context);
    const results = keepBypasses(checkRules(content, settings, place), draft.rules);
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

function marks({ ruleId, outcome, mark }: RuleResult): string[] {
  return [ruleId, outcome, mark];
}
