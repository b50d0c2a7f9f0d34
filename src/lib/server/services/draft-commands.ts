import type { Clock, Ids } from '../../agent/ports.ts';
import type { RuleResult, StoryContent, StoryDraft } from '../../contracts/story.ts';
import { bypass, openConflicts, takeTheirs } from '../../agent/story-agent.ts';
import { ConflictError, InvalidError } from '../errors/app-error.ts';
import type { DraftRepository } from '../repositories/draft-repository.ts';
import type { RunRepository } from '../repositories/run-repository.ts';
import type { BypassRules } from './bypass-rules.ts';
import type { DraftBookService } from './draft-book.ts';
import { applyEdit } from './draft-edit.ts';
import type { RememberedFields } from './issue-creation/remembered-fields.ts';
import type { Journal } from './journal.ts';
import type { Actor, AuditService, ConversationCommands } from './services.ts';

export interface DraftCommandsDeps {
  drafts: Pick<DraftBookService, 'find' | 'history' | 'list' | 'saveEdit' | 'savePosting'>;
  repository: Pick<DraftRepository, 'discard'>;
  runs: Pick<RunRepository, 'closeEmptyReview' | 'reviewChanged'>;
  journal: Pick<Journal, 'commit'>;
  requireConversation(actor: Actor, conversationId: string): Promise<unknown>;
  /** What a draft would say against the person's rules; what was set aside for it stays so. */
  checkRules(actor: Actor, draft: StoryDraft, content: StoryContent): Promise<RuleResult[]>;
  /** Who may set a rule aside. */
  bypassRules: Pick<BypassRules, 'require'>;
  rememberedFields: Pick<RememberedFields, 'remember'>;
  /** Starts computing anew what would be posted. Never rejects. */
  prepareDrafts(actor: Actor, conversationId: string, draftIds: string[]): void;
  audit: Pick<AuditService, 'record'>;
  clock: Clock;
  ids: Ids;
}

type DraftCommands = Pick<
  ConversationCommands,
  | 'draft:edit'
  | 'draft:choose'
  | 'draft:discard'
  | 'draft:fields'
  | 'draft:bypass'
  | 'draft:use_existing'
  | 'review:prepare'
>;

/** What a person does to drafts by hand. An open review stays open: it then holds the new versions. */
export function createDraftCommands(deps: DraftCommandsDeps): DraftCommands {
  const {
    drafts,
    repository,
    runs,
    journal,
    requireConversation,
    checkRules,
    bypassRules,
    rememberedFields,
    prepareDrafts,
    audit,
    clock,
    ids,
  } = deps;

  return {
    async 'draft:edit'(actor, { conversationId, draftId, baseVersion, edit }) {
      const { draft } = await require(actor, conversationId, draftId);
      const history = edit.acceptanceCriteria ? await drafts.history(conversationId, draftId) : [];
      const earlier = history.toReversed().flatMap((version) => version.content.acceptanceCriteria);
      const content = applyEdit(draft.content, edit, () => ids.next(), earlier);
      const rules = await checkRules(actor, draft, content);
      return saved(actor, draft, { baseVersion, content, rules });
    },

    async 'draft:choose'(actor, { conversationId, draftId, version, conflictId, choice }) {
      const { draft } = await require(actor, conversationId, draftId);
      const conflict = draft.conflicts.find(({ id }) => id === conflictId);
      if (!conflict)
        throw new ConflictError('conflict_settled', 'This choice was made already, perhaps in another tab.');
      const content =
        choice === 'theirs' ? takeTheirs(draft.content, conflict, () => ids.next()) : draft.content;
      const rules = await checkRules(actor, draft, content);
      const conflicts = draft.conflicts.filter((other) => other !== conflict);
      return saved(actor, { ...draft, conflicts }, { baseVersion: version, content, rules });
    },

    async 'draft:fields'(actor, { conversationId, draftId, version, extraFields }) {
      const { draft, extraFields: before } = await require(actor, conversationId, draftId);
      const { content, rules, posting } = draft;
      const result = await saved(actor, draft, {
        baseVersion: version,
        content,
        rules,
        extraFields: { ...before, ...extraFields },
      });
      if (posting) await rememberedFields.remember(actor, posting, extraFields);
      // What was filled once fills the other stories that lack it.
      const lacking = (await drafts.list(conversationId)).filter(
        (other) => other.id !== draftId && (other.posting?.missingFields.length ?? 0) > 0,
      );
      if (lacking.length > 0)
        prepareDrafts(
          actor,
          conversationId,
          lacking.map(({ id }) => id),
        );
      return result;
    },

    async 'draft:bypass'(actor, { conversationId, draftId, version, ruleId, reason }) {
      const { draft } = await require(actor, conversationId, draftId);
      await bypassRules.require(actor, ruleId, reason);
      const broken = draft.rules.find((rule) => rule.ruleId === ruleId && rule.outcome === 'violation');
      if (!broken)
        throw new ConflictError('rule_not_broken', 'This story does not break that rule any more.');
      const rules = draft.rules.map((rule) =>
        rule === broken ? bypass(rule, actor.employeeId, reason) : rule,
      );
      const result = await saved(actor, draft, { baseVersion: version, content: draft.content, rules });
      const detail = { conversationId, draft: draftId, version: result.version, rule: ruleId, reason };
      audit.record(actor, { action: 'rule.bypass', outcome: 'ok', detail });
      return result;
    },

    async 'review:prepare'(actor, { conversationId }) {
      await requireConversation(actor, conversationId);
      const unprepared = (await drafts.list(conversationId)).filter(
        ({ status, posting }) => status === 'proposed' && posting === null,
      );
      // The card says that it is being prepared, and not any more why it was not.
      for (const { id, version, similar } of unprepared)
        await drafts.savePosting(id, version, { posting: null, similar, problem: null });
      if (unprepared.length > 0)
        prepareDrafts(
          actor,
          conversationId,
          unprepared.map(({ id }) => id),
        );
      return {};
    },

    async 'draft:discard'(actor, { conversationId, draftId, version }) {
      await requireConversation(actor, conversationId);
      await discard(conversationId, draftId, version);
      return {};
    },

    async 'draft:use_existing'(actor, { conversationId, draftId, version, issueKey }) {
      const { draft } = await require(actor, conversationId, draftId);
      const issue = draft.similar.find(({ key }) => key === issueKey);
      if (!issue)
        throw new InvalidError('issue_not_similar', `${issueKey} is not among the issues that look alike.`);
      const text = `“${draft.content.summary}” is not created: [${issue.key}](${issue.url}) “${issue.summary}” is there already.`;
      await discard(conversationId, draftId, version, { messageId: ids.next(), text });
      const detail = { conversationId, draft: draftId, issue: issue.key };
      audit.record(actor, { action: 'draft.use_existing', outcome: 'ok', detail });
      return {};
    },
  };

  async function discard(
    conversationId: string,
    draftId: string,
    version: number,
    note?: { messageId: string; text: string },
  ): Promise<void> {
    const at = clock.now();
    const result = await journal.commit(
      () => repository.discard({ conversationId, at }, draftId, version, note),
      (outcome) => (outcome.outcome === 'discarded' ? outcome.events : []),
    );
    if (result.outcome === 'overtaken')
      throw new ConflictError(
        'draft_overtaken',
        'This story was changed meanwhile, so it was not discarded.',
        { hint: 'Look at its newest version first.' },
      );
    if (result.outcome === 'settled')
      throw new ConflictError(
        'draft_settled',
        'This story is on its way to Jira or already there, so it cannot be discarded here.',
      );
    if (result.outcome === 'missing') throw draftMissing();
    await journal.commit(
      () => runs.closeEmptyReview(conversationId, at),
      (events) => events,
    );
  }

  async function require(actor: Actor, conversationId: string, draftId: string) {
    await requireConversation(actor, conversationId);
    const found = await drafts.find(conversationId, draftId);
    if (!found || found.draft.status === 'discarded') throw draftMissing();
    return found;
  }

  async function saved(
    actor: Actor,
    { id: draftId, conversationId, parentId, position, conflicts: before }: StoryDraft,
    version: Pick<
      Parameters<DraftBookService['saveEdit']>[1],
      'baseVersion' | 'content' | 'rules' | 'extraFields'
    >,
  ): Promise<{ version: number }> {
    const conflicts = openConflicts(before, version.content);
    const draft = await drafts.saveEdit(conversationId, {
      draftId,
      parentId,
      position,
      conflicts,
      ...version,
    });
    await journal.commit(
      () => runs.reviewChanged(conversationId, draftId, clock.now()),
      (events) => events,
    );
    prepareDrafts(actor, conversationId, [draftId]);
    return { version: draft.version };
  }
}

function draftMissing(): ConflictError {
  return new ConflictError(
    'draft_missing',
    'This story is no longer there: it was discarded, perhaps in another tab.',
  );
}
