import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const text = readFileSync('docs/security.md', 'utf8');
const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trimEnd().split('\n');

/** How many requirements of level 1 each chapter of version 5.0.0 has: 70 in all. */
const requirementsOfChapter = {
  V1: 8,
  V2: 4,
  V3: 8,
  V4: 2,
  V5: 4,
  V6: 13,
  V7: 6,
  V8: 4,
  V9: 4,
  V10: 5,
  V11: 3,
  V12: 3,
  V13: 1,
  V14: 2,
  V15: 3,
};

describe('docs/security.md', () => {
  it('has a row for each requirement of ASVS level 1, and says of each how it stands', () => {
    const rows = [
      ...text.matchAll(/^\| (V\d+)\.\d+\.(\d+)(?: to V\d+\.\d+\.(\d+))? +\|[^|]+\|\s*([^|]+?)\s*\|$/gm),
    ];
    const counted: Record<string, number> = {};
    for (const [, chapter = '', first, last, state] of rows) {
      counted[chapter] = (counted[chapter] ?? 0) + (last ? Number(last) - Number(first) + 1 : 1);
      expect(state).toMatch(/^(met|partly|\*\*not |not applicable|depends on the installation)/);
    }
    expect(counted).toEqual(requirementsOfChapter);
  });

  it('names only tests and sources that there are', () => {
    const named = [...text.matchAll(/`([\w()[\]./-]+\.(?:test\.ts|ts|svelte|conf))`/g)].map(
      ([, name = '']) => name,
    );
    const isThere = (name: string) => files.some((file) => file === name || file.endsWith(`/${name}`));
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });

  it('has two cells in each row of the table of threats', () => {
    const table = text.slice(text.indexOf('| threat or fault'), text.indexOf('## OWASP'));
    for (const row of table.trimEnd().split('\n')) expect(row.match(/\|/g), row).toHaveLength(3);
  });
});
