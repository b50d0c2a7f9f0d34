import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, platform, release } from 'node:os';
import { join } from 'node:path';
import { outputFolder } from './product-process.ts';
import type { Part, Results } from './report.ts';

/** In this order they are measured; each fits into six minutes and can be measured alone. */
export const partNames = ['product', 'uws', 'peers'] as const;
export type PartName = (typeof partNames)[number];

/** Measures one part and stores what it found, with when and where, in the place of the one before. */
export async function storePart(
  name: PartName,
  { short }: { short: boolean },
  measure: () => Promise<Part<unknown>['found']>,
): Promise<void> {
  const startedAt = new Date().toISOString();
  const loadBefore = oneMinuteLoad();
  const found = await measure();
  const load = { before: loadBefore, after: oneMinuteLoad() };
  const seconds = Math.round((Date.now() - Date.parse(startedAt)) / 1_000);
  const part: Part<unknown> = { startedAt, seconds, short, machine: machine(), load, found };
  mkdirSync(outputFolder, { recursive: true });
  writeFileSync(fileOf(name, short), JSON.stringify(part, null, 2));
}

/** What was stored last of each part, as far as it was measured on a machine like this one. */
export function readParts({ short }: { short: boolean }): Results {
  const here = JSON.stringify(machine());
  const parts = partNames.map((name) => {
    const file = fileOf(name, short);
    const part = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Part<unknown>) : null;
    return [name, part && JSON.stringify(part.machine) === here ? part : null];
  });
  return Object.fromEntries(parts) as Results;
}

function fileOf(name: PartName, short: boolean): string {
  return join(outputFolder, `${short ? 'short-' : ''}${name}.json`);
}

function machine(): Part<unknown>['machine'] {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    node: process.versions.node,
    platform: `${platform()} ${release()}`,
  };
}

function oneMinuteLoad(): number {
  return loadavg()[0] ?? NaN;
}
