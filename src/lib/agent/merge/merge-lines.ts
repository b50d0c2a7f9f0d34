import { diff3Merge } from 'node-diff3';

export interface MergedLines {
  lines: string[];
  /** Places that both changed: the person's lines were kept, the model's refused. */
  conflicts: { at: number; kept: string[]; refused: string[] }[];
}

/**
 * Three-way merge of lines. What only one side changed is taken; where both changed the same place, the person's
 * lines stay. No line that the person wrote is ever lost.
 */
export function mergeLines(base: string[], person: string[], model: string[]): MergedLines {
  const lines: string[] = [];
  const conflicts: MergedLines['conflicts'] = [];
  for (const region of diff3Merge(person, base, model, { excludeFalseConflicts: true })) {
    if (region.ok) lines.push(...region.ok);
    if (!region.conflict) continue;
    conflicts.push({ at: lines.length, kept: region.conflict.a, refused: region.conflict.b });
    lines.push(...region.conflict.a);
  }
  return { lines, conflicts };
}
