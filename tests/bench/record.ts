import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const document = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));
const BEGIN = '<!-- figures: written by `npm run bench -- --record` -->';
const END = '<!-- figures end -->';

/** Puts a report in the place of the one before, in docs/performance.md. */
export async function record(report: string): Promise<void> {
  const text = await readFile(document, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error(`${document} has lost the marks between which figures stand.`);
  const options = await resolveConfig(document);
  const next = `${before}${BEGIN}\n\n${report}\n\n${END}${after}`;
  await writeFile(document, await format(next, { ...options, filepath: document }));
}
