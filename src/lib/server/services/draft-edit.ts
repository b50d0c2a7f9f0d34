import type { Criterion, StoryContent, StoryEdit } from '../../contracts/story.ts';

/**
 * The content after a person's edit. A criterion whose text they left alone keeps its source; one that they wrote or
 * changed names the edit as its source. Ids stay, so that conservation holds over versions.
 */
export function applyEdit(content: StoryContent, edit: StoryEdit, nextId: () => string): StoryContent {
  const { acceptanceCriteria, ...fields } = edit;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return {
    ...content,
    ...given,
    ...(acceptanceCriteria === undefined
      ? {}
      : { acceptanceCriteria: editedCriteria(content.acceptanceCriteria, acceptanceCriteria, nextId) }),
  };
}

function editedCriteria(
  before: Criterion[],
  edited: { id?: string | undefined; text: string }[],
  nextId: () => string,
): Criterion[] {
  const taken = new Set<string>();
  return edited.map(({ id, text }) => {
    // The same id twice would make two criteria one: the second counts as new.
    const known =
      id === undefined || taken.has(id) ? undefined : before.find((criterion) => criterion.id === id);
    if (known) taken.add(known.id);
    if (known?.text === text) return known;
    return { id: known?.id ?? nextId(), text, source: { kind: 'edit', quote: text } };
  });
}
