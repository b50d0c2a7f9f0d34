/** The named sections of a template that a description lacks: each is a heading or a bold line with text below it. */
export function missingSections(description: string, sections: readonly string[]): string[] {
  const filled = filledSections(description);
  return sections.filter((section) => !filled.has(normal(section)));
}

/** The names of the sections that hold text. */
function filledSections(description: string): Set<string> {
  const filled = new Set<string>();
  let current: string | null = null;
  for (const line of description.split('\n')) {
    const heading = /^\s*#{1,6}\s+(.+)$/.exec(line);
    const bold = /^\s*\*\*(.+?)\*\*:?(.*)$/.exec(line);
    const name = heading?.[1] ?? bold?.[1];
    const text = heading ? '' : (bold?.[2] ?? line);
    if (name !== undefined) current = normal(name);
    if (current !== null && text.trim() !== '') filled.add(current);
  }
  return filled;
}

function normal(name: string): string {
  return name
    .replace(/[:*#\s]+$/, '')
    .trim()
    .toLowerCase();
}
