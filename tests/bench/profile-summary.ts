import { readFileSync } from 'node:fs';

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string };
  children?: number[];
}

interface CpuProfile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

/** Share of the time in which a thread worked, by what it worked in: packages, our build, Node, garbage collection. */
export function summariseProfile(file: string, most = 15): { where: string; percent: string }[] {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as CpuProfile;
  const places = placesOf(nodes);
  const spent = new Map<string, number>();
  samples.forEach((id, n) => {
    const place = places.get(id) ?? WAITING;
    if (place !== WAITING) spent.set(place, (spent.get(place) ?? 0) + (timeDeltas[n] ?? 0));
  });
  const whole = [...spent.values()].reduce((sum, part) => sum + part, 0);
  return [...spent]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([where, part]) => ({ where, percent: ((100 * part) / whole).toFixed(1) }));
}

const WAITING = '(idle)';

/** Native functions have no file and count to whoever calls them. Parents stand before their children. */
function placesOf(nodes: ProfileNode[]): Map<number, string> {
  const places = new Map<number, string>();
  const callers = new Map<number, string>();
  for (const { id, callFrame, children = [] } of nodes) {
    const place = placeOf(callFrame) ?? callers.get(id) ?? 'native';
    places.set(id, place);
    for (const child of children) callers.set(child, place);
  }
  return places;
}

function placeOf({ functionName, url }: ProfileNode['callFrame']): string | null {
  if (functionName.startsWith('(')) return functionName;
  if (url.startsWith('node:')) return `Node: ${url.slice('node:'.length)}`;
  const packageName = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packageName) return packageName;
  return url === '' ? null : `our code: ${url.split('/').at(-1)}`;
}
