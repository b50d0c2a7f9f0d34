import type { StoryAnswer, StoryRewrite } from '../contracts/model-answer.ts';
import type { Criterion, StoryContent } from '../contracts/story.ts';
import { citationOf, resolveCitation, type Citables } from './citations.ts';
import { identifyCriteria } from './merge/identify-criteria.ts';
import type { WritingSettings } from './ports.ts';

export interface StoryPlace {
  settings: Pick<WritingSettings, 'issueType' | 'epicKey' | 'format'>;
  citables: Citables;
  newId: () => string;
}

/** A new story from the model's answer: citations resolved, texts cut to what a draft can hold. */
export function storyFromAnswer(
  answer: StoryAnswer,
  { settings, citables, newId }: StoryPlace,
  known: Criterion[] = [],
): StoryContent {
  return {
    schemaVersion: 1,
    issueType: settings.issueType,
    epicKey: settings.epicKey,
    summary: answer.summary.replace(/\s+/g, ' ').trim().slice(0, 1_000),
    format: settings.format.kind,
    description: answer.description.trim().slice(0, 30_000),
    acceptanceCriteria: criteriaFromAnswer(answer, citables, known, newId),
    stlcNotes: answer.stlcNotes.trim().slice(0, 10_000),
    storyPoints: answer.storyPoints,
    labels: labelsFromAnswer(answer.labels),
  };
}

/**
 * A story rewritten by the model: what it left out and what is not the model's to choose stays, and criteria keep
 * their ids.
 */
export function rewrittenStory(
  rewrite: StoryRewrite,
  current: StoryContent,
  place: StoryPlace,
): StoryContent {
  const { issueType, epicKey, format, storyPoints } = current;
  const answer: StoryAnswer = {
    issueType,
    summary: rewrite.summary ?? current.summary,
    description: rewrite.description ?? current.description,
    acceptanceCriteria: rewrite.acceptanceCriteria ?? current.acceptanceCriteria.map(asAnswered),
    stlcNotes: rewrite.stlcNotes ?? current.stlcNotes,
    storyPoints: rewrite.storyPoints === undefined ? storyPoints : rewrite.storyPoints,
    labels: rewrite.labels ?? current.labels,
  };
  return { ...storyFromAnswer(answer, place, current.acceptanceCriteria), issueType, epicKey, format };
}

function asAnswered(criterion: Criterion): StoryAnswer['acceptanceCriteria'][number] {
  return { text: criterion.text, source: citationOf(criterion) };
}

/** Jira's labels have no spaces. */
export function labelsFromAnswer(labels: string[]): string[] {
  const usable = labels
    .map((label) => label.trim().replace(/\s+/g, '-').slice(0, 255))
    .filter((label) => label !== '');
  return [...new Set(usable)].slice(0, 30);
}

function criteriaFromAnswer(
  { acceptanceCriteria }: StoryAnswer,
  citables: Citables,
  known: Criterion[],
  newId: () => string,
): Criterion[] {
  const texts = new Set<string>();
  const criteria = acceptanceCriteria.flatMap(({ text, source }) => {
    const trimmed = text.trim().slice(0, 2_000);
    if (trimmed === '' || texts.has(trimmed)) return [];
    texts.add(trimmed);
    return [{ text: trimmed, source: resolveCitation(source, citables) }];
  });
  return identifyCriteria(criteria.slice(0, 60), known, newId);
}
