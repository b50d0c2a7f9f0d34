import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { projectRoot } from './project-root.mjs';

/** The parts of the product that decide and store, and how much of each must be run by unit and integration tests. */
const FEWEST_LINES = 0.9;
const parts = {
  agent: /^src\/lib\/agent\//,
  services: /^src\/lib\/server\/services\//,
  repositories: /^src\/lib\/server\/repositories\//,
  adapters: /^src\/lib\/server\/adapters\//,
};
/** Here every function with a name must be run: the plans of its queries are looked at as they were run. */
const COMPLETE = 'repositories';

/**
 * Puts the coverage of several test runs together. `files` are reports in istanbul's JSON format.
 * @param {string[]} files
 * @returns {{ report: string, failures: string[] }} a table, and a sentence for each floor that is broken
 */
export function judgeCoverage(files) {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) {
    const names = missing.map((file) => relative(projectRoot, file)).join(', ');
    return { report: '', failures: [`${names}: not there. Run \`npm test -- unit integration coverage\`.`] };
  }
  const covered = mergeReports(files.map((file) => JSON.parse(readFileSync(file, 'utf8'))));
  const rows = Object.entries(parts).map(([name, pattern]) => ({
    name,
    ...sum(covered.filter(({ path }) => pattern.test(path))),
  }));
  const failures = rows
    .filter(({ lines, run }) => lines === 0 || run / lines < FEWEST_LINES)
    .map(
      ({ name, lines, run }) =>
        `${name}: ${percent(run, lines)} of lines, and ${FEWEST_LINES * 100}% is the floor.`,
    );
  const idle = covered
    .filter(({ path }) => parts[COMPLETE].test(path))
    .flatMap(({ path, idleFunctions }) => idleFunctions.map((name) => `${path}: no test runs ${name}.`));
  const report = rows.map(({ name, lines, run }) => `  ${name}: ${percent(run, lines)} of ${lines} lines`);
  const worst = covered
    .filter(({ lines, run }) => lines - run > 5)
    .sort((one, other) => other.lines - other.run - (one.lines - one.run))
    .slice(0, 10)
    .map(({ path, lines, run }) => `    ${path}: ${lines - run} lines not run`);
  return { report: [...report, ...worst].join('\n'), failures: [...failures, ...idle] };
}

/** @param {Record<string, object>[]} reports */
function mergeReports(reports) {
  const files = new Map();
  for (const file of reports.flatMap((report) => Object.values(report))) {
    const path = relative(projectRoot, file.path).replaceAll('\\', '/');
    const merged = files.get(path) ?? { lines: new Map(), functions: new Map() };
    files.set(path, merged);
    for (const [id, { start }] of Object.entries(file.statementMap))
      count(merged.lines, start.line, file.s[id]);
    for (const [id, { name, loc }] of Object.entries(file.fnMap))
      count(merged.functions, `${name} (line ${loc.start.line})`, file.f[id]);
  }
  return [...files].map(([path, { lines, functions }]) => ({
    path,
    lines: lines.size,
    run: [...lines.values()].filter((times) => times > 0).length,
    idleFunctions: [...functions]
      .filter(([name, times]) => times === 0 && !name.startsWith('(anonymous'))
      .map(([name]) => name),
  }));
}

function count(counts, key, times) {
  counts.set(key, (counts.get(key) ?? 0) + times);
}

function sum(files) {
  const total = (of) => files.reduce((all, file) => all + of(file), 0);
  return { lines: total(({ lines }) => lines), run: total(({ run }) => run) };
}

function percent(run, lines) {
  return lines === 0 ? '0%' : `${((run / lines) * 100).toFixed(1)}%`;
}
