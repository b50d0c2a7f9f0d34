import type { z } from 'zod';
import { isOwnText, ownTextId } from '../../../contracts/own-texts.ts';
import { ownTextsMax } from '../../../contracts/plain-values.ts';
import type { WritingChange, WritingRefusal } from '../../../contracts/writing-file.ts';
import { firstSentence, nameIn, placeInFile } from './entry-words.ts';

interface TextKind<S extends z.ZodType<{ name: string }>> {
  part: 'format' | 'prompt';
  /** Before the id, in the name of the preference that keeps one. */
  key: string;
  schema: S;
  newId: () => string;
}

/** Formats or prompts of a file: one of a name that the person has replaces theirs, a shared name is refused. */
export function planTexts<S extends z.ZodType<{ name: string }>>(
  entries: readonly unknown[],
  offered: readonly { id: string; name: string }[],
  { part, key, schema, newId }: TextKind<S>,
) {
  const changes: WritingChange[] = [];
  const refusals: WritingRefusal[] = [];
  const preferences: Record<string, unknown> = {};
  const seen = new Set<string>();
  let unchanged = 0;
  let added = 0;

  for (const [index, entry] of entries.entries()) {
    const where = placeInFile(part, index, nameIn(entry));
    const parsed = schema.safeParse(entry);
    if (!parsed.success) {
      refusals.push({ where, sentence: firstSentence(parsed.error) });
      continue;
    }
    const text = parsed.data;
    const name = text.name.toLowerCase();
    const before = offered.find((known) => known.name.toLowerCase() === name);
    if (seen.has(name)) refusals.push({ where, sentence: 'Another one in the file has this name.' });
    else if (before && isSameText(before, text)) unchanged += 1;
    else if (before && !isOwnText(before))
      refusals.push({ where, sentence: `A shared ${part} has this name. Rename it in the file.` });
    else {
      if (!before) added += 1;
      preferences[key + (before?.id ?? ownTextId(newId()))] = text;
      changes.push({ part, name: text.name, effect: before ? 'replaced' : 'added' });
    }
    seen.add(name);
  }

  const afterwards = offered.filter(isOwnText).length + added;
  if (added > 0 && afterwards > ownTextsMax)
    refusals.push({
      where: `The ${part}s`,
      sentence: `With these you would have ${afterwards} of your own; at most ${ownTextsMax} are kept.`,
    });
  return { changes, refusals, unchanged, preferences };
}

/** Whatever the order of their keys; the id is not part of what was written. */
function isSameText({ id: _, ...known }: { id: string }, text: object): boolean {
  const told = (value: object) => JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  return told(known) === told(text);
}
