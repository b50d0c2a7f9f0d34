import type { Criterion, DraftConflict, StoryContent } from '../../contracts/story.ts';
import type { DraftVersion } from '../ports.ts';
import { mergeLines, type MergedLines } from './merge-lines.ts';

export interface MergedDraft {
  content: StoryContent;
  /** Each place where the person's words stayed against the model's, as a sentence for the person. */
  kept: string[];
  /** The same places, for the person to choose. */
  conflicts: DraftConflict[];
}

type ScalarPart = 'issueType' | 'epicKey' | 'summary' | 'storyPoints';
type TextPart = 'description' | 'stlcNotes';

/**
 * Merges a rewritten story with what the person made of the draft, field by field and line by line, between `base`
 * (the story without the person's edits), `person` (the newest version) and `model`. Where both changed the same
 * place, the person's words stay. Pure; `newId` names criteria whose id is taken.
 */
export function mergeDrafts(
  base: StoryContent,
  person: StoryContent,
  model: StoryContent,
  newId: () => string,
): MergedDraft {
  const kept: string[] = [];
  const conflicts: DraftConflict[] = [];
  const refuse = (
    part: DraftConflict['part'],
    name: string,
    { at, kept: mine, refused: theirs }: MergedLines['conflicts'][number],
    criteria: Criterion[] = [],
  ) => {
    kept.push(keptLines(name, mine));
    conflicts.push({ id: newId(), part, mine, theirs, at, criteria });
  };
  const field = <P extends ScalarPart>(part: P, name: string): StoryContent[P] => {
    const was: StoryContent[P] = base[part];
    const mine: StoryContent[P] = person[part];
    const theirs: StoryContent[P] = model[part];
    if (mine === was || mine === theirs) return theirs;
    if (theirs === was) return mine;
    kept.push(`Your ${name} stays: “${shortened(String(mine))}”.`);
    conflicts.push({
      id: newId(),
      part,
      mine: valueLines(mine),
      theirs: valueLines(theirs),
      at: 0,
      criteria: [],
    });
    return mine;
  };
  const text = (part: TextPart, name: string): string => {
    const merged = mergeLines(linesOf(base[part]), linesOf(person[part]), linesOf(model[part]));
    for (const conflict of merged.conflicts) refuse(part, name, conflict);
    return merged.lines.join('\n');
  };
  const criteria = mergeCriteria(base, person, model, newId);
  for (const conflict of criteria.conflicts) {
    const refused = model.acceptanceCriteria.filter(({ text }) => conflict.refused.includes(text));
    refuse('acceptanceCriteria', 'criteria', conflict, refused);
  }
  const content: StoryContent = {
    ...model,
    issueType: field('issueType', 'issue type'),
    epicKey: field('epicKey', 'epic'),
    summary: field('summary', 'summary'),
    storyPoints: field('storyPoints', 'story points'),
    description: text('description', 'description'),
    stlcNotes: text('stlcNotes', 'STLC notes'),
    labels: mergeLabels(base.labels, person.labels, model.labels),
    acceptanceCriteria: criteria.merged,
  };
  return { content, kept, conflicts };
}

/**
 * The story as the agent alone would have it: each of its changes applied in turn to a text that never saw the
 * person's edits. Merging against it protects an edit for good, not only until the next rewrite.
 */
export function withoutEdits(history: DraftVersion[], newId: () => string): StoryContent | null {
  let before: StoryContent | null = null;
  let base: StoryContent | null = null;
  for (const { author, content } of history) {
    if (!base || !before) base = content;
    else if (author === 'agent') base = mergeDrafts(before, base, content, newId).content;
    before = content;
  }
  return base;
}

function mergeCriteria(
  base: StoryContent,
  person: StoryContent,
  model: StoryContent,
  newId: () => string,
): { merged: Criterion[]; conflicts: MergedLines['conflicts'] } {
  const [was, theirs, ours] = [base, person, model].map((story) =>
    story.acceptanceCriteria.map(({ text }) => text),
  ) as [string[], string[], string[]];
  const { lines, conflicts } = mergeLines(was, theirs, ours);
  const byText = new Map(
    [...model.acceptanceCriteria, ...person.acceptanceCriteria].map((criterion) => [
      criterion.text,
      criterion,
    ]),
  );
  const taken = new Set<string>();
  const merged = [...new Set(lines)].flatMap((text) => {
    const criterion = byText.get(text);
    if (!criterion) return [];
    const id = taken.has(criterion.id) ? newId() : criterion.id;
    taken.add(id);
    return [{ ...criterion, id }];
  });
  // A text that stands elsewhere too is one criterion: choosing the agent's words must not take it away.
  const standsOnce = (text: string) => lines.filter((line) => line === text).length === 1;
  return {
    merged,
    conflicts: conflicts.map((conflict) => ({ ...conflict, kept: conflict.kept.filter(standsOnce) })),
  };
}

/** Labels have no order to keep: each side's additions and removals count. */
function mergeLabels(base: string[], person: string[], model: string[]): string[] {
  const removed = new Set(base.filter((label) => !person.includes(label) || !model.includes(label)));
  const added = new Set([...person, ...model].filter((label) => !base.includes(label)));
  return [...base.filter((label) => !removed.has(label)), ...added];
}

function valueLines(value: string | number | null): string[] {
  return value === null ? [] : [String(value)];
}

function linesOf(text: string): string[] {
  return text.split('\n');
}

function keptLines(name: string, lines: string[]): string {
  const shown = lines.filter((line) => line.trim() !== '').join(' / ');
  return shown === ''
    ? `What you took out of the ${name} stays out.`
    : `Your words in the ${name} stay: “${shortened(shown)}”.`;
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
