import type { Criterion, StoryContent } from '../../contracts/story.ts';
import type { DraftVersion } from '../ports.ts';
import { mergeLines } from './merge-lines.ts';

export interface MergedDraft {
  content: StoryContent;
  /** Each place where the person's words stayed against the model's, as a sentence for the person. */
  kept: string[];
}

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
  const field = <T>(name: string, of: (content: StoryContent) => T): T => {
    const [was, theirs, ours] = [of(base), of(person), of(model)];
    if (theirs === was || theirs === ours) return ours;
    if (ours !== was) kept.push(`Your ${name} stays: “${shortened(String(theirs))}”.`);
    return theirs;
  };
  const text = (name: string, of: (content: StoryContent) => string): string => {
    const merged = mergeLines(linesOf(of(base)), linesOf(of(person)), linesOf(of(model)));
    kept.push(...merged.conflicts.map((conflict) => keptLines(name, conflict.kept)));
    return merged.lines.join('\n');
  };
  const content: StoryContent = {
    ...model,
    issueType: field('issue type', (story) => story.issueType),
    epicKey: field('epic', (story) => story.epicKey),
    summary: field('summary', (story) => story.summary),
    storyPoints: field('story points', (story) => story.storyPoints),
    description: text('description', (story) => story.description),
    stlcNotes: text('STLC notes', (story) => story.stlcNotes),
    labels: mergeLabels(base.labels, person.labels, model.labels),
    acceptanceCriteria: mergeCriteria(base, person, model, newId, kept),
  };
  return { content, kept };
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
  kept: string[],
): Criterion[] {
  const [was, theirs, ours] = [base, person, model].map((story) =>
    story.acceptanceCriteria.map(({ text }) => text),
  ) as [string[], string[], string[]];
  const merged = mergeLines(was, theirs, ours);
  kept.push(...merged.conflicts.map((conflict) => keptLines('criteria', conflict.kept)));

  const byText = new Map(
    [...model.acceptanceCriteria, ...person.acceptanceCriteria].map((criterion) => [
      criterion.text,
      criterion,
    ]),
  );
  const taken = new Set<string>();
  return [...new Set(merged.lines)].flatMap((text) => {
    const criterion = byText.get(text);
    if (!criterion) return [];
    const id = taken.has(criterion.id) ? newId() : criterion.id;
    taken.add(id);
    return [{ ...criterion, id }];
  });
}

/** Labels have no order to keep: each side's additions and removals count. */
function mergeLabels(base: string[], person: string[], model: string[]): string[] {
  const removed = new Set(base.filter((label) => !person.includes(label) || !model.includes(label)));
  const added = new Set([...person, ...model].filter((label) => !base.includes(label)));
  return [...base.filter((label) => !removed.has(label)), ...added];
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
