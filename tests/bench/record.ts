import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const document = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** Puts a report in the place of the one that `npm run COMMAND -- --record` wrote before, in docs/performance.md. */
export async function record(report: string, command = 'bench'): Promise<void> {
  const begin = `<!-- figures: written by \`npm run ${command} -- --record\` -->`;
  const end = '<!-- figures end -->';
  const text = await readFile(document, 'utf8');
  const [before, rest] = text.split(begin);
  const endsAt = rest?.indexOf(end) ?? -1;
  const after = endsAt < 0 ? undefined : rest?.slice(endsAt + end.length);
  if (before === undefined || after === undefined)
    throw new Error(`${document} has lost the marks between which figures stand.`);
  const options = await resolveConfig(document);
  const next = `${before}${begin}\n\n${report}\n\n${end}${after}`;
  await writeFile(document, await format(next, { ...options, filepath: document }));
}
