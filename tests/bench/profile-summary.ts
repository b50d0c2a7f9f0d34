import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string } }[];
  samples: number[];
  timeDeltas: number[];
}

/** Share of the time in which the main thread worked, by what it worked in: packages, Node, garbage collection. */
export function summariseProfile(folder: string, most = 15): { where: string; percent: string }[] {
  const { nodes, samples, timeDeltas } = readMainProfile(folder);
  const places = new Map(nodes.map(({ id, callFrame }) => [id, placeOf(callFrame)]));
  const spent = new Map<string, number>();
  samples.forEach((id, n) => {
    const place = places.get(id);
    if (place) spent.set(place, (spent.get(place) ?? 0) + (timeDeltas[n] ?? 0));
  });
  const whole = [...spent.values()].reduce((sum, part) => sum + part, 0);
  return [...spent]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([where, part]) => ({ where, percent: ((100 * part) / whole).toFixed(1) }));
}

/** Null while it only waits. */
function placeOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string | null {
  if (functionName === '(idle)' || functionName === '(root)') return null;
  if (functionName.startsWith('(')) return functionName;
  if (url.startsWith('node:')) return `Node: ${url.slice('node:'.length)}`;
  const packageName = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packageName) return packageName;
  // Native functions have no file: what they do is in their names, such as `run` and `get` of a statement.
  return url === '' ? `native: ${functionName}` : `build: ${url.split('/').at(-1)}`;
}

/** Workers leave profiles of their own; the main thread ran longest and has the largest. */
function readMainProfile(folder: string): CpuProfile {
  const [largest] = readdirSync(folder)
    .map((name) => join(folder, name))
    .sort((a, b) => statSync(b).size - statSync(a).size);
  if (!largest) throw new Error('The product left no profile.');
  return JSON.parse(readFileSync(largest, 'utf8')) as CpuProfile;
}
