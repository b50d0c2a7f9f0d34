import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { runAsProgram, type CommandContext } from '../operations/run-command.ts';
import { runPreflight } from '../operations/preflight/run-preflight.ts';
import { parseConfigTexts, readConfigTexts } from '../settings/config-files.ts';
import { formatProblem } from '../settings/config-problem.ts';
import { readSettings } from '../settings/settings.ts';

const usage = `Goes through the deployment checklist of docs/operations.md, with the app running.

  npm run preflight -- [--backups FOLDER]

FOLDER is where backups are made, <DATA_DIR>-backups unless given. Exit code 1 if a step is not in order.`;

/** Checks whether this installation is ready for people: `preflight`. Changes nothing. */
export async function preflight({ args, env, print }: CommandContext): Promise<0 | 1> {
  const { values } = parseArgs({
    args,
    options: { help: { type: 'boolean', short: 'h' }, backups: { type: 'string' } },
  });
  if (values.help) {
    print(usage);
    return 0;
  }
  const settings = readSettings(env);
  const parsed = parseConfigTexts(readConfigTexts(settings.configDir), settings.configDir, env);
  const configuration =
    'problems' in parsed ? { problems: parsed.problems.map(formatProblem) } : parsed.files.config;
  const backupsFolder = resolve(values.backups ?? `${settings.dataDir}-backups`);
  let exitCode: 0 | 1 = 0;
  for await (const finding of runPreflight({ settings, configuration, backupsFolder, clock: systemClock })) {
    print(`${finding.verdict.padEnd(8)} ${finding.step.padEnd(31)} ${finding.sentence}`);
    if (finding.verdict === 'wrong') exitCode = 1;
  }
  return exitCode;
}

await runAsProgram(import.meta.url, preflight);
