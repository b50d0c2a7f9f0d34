import { pathToFileURL } from 'node:url';
import { AppError } from '../errors/app-error.ts';
import { configFileNames, parseConfigTexts, readConfigTexts } from '../settings/config-files.ts';
import { formatProblem } from '../settings/config-problem.ts';
import type { Environment } from '../settings/settings.ts';
import { readSettings } from '../settings/settings.ts';

interface CheckOutcome {
  exitCode: 0 | 1;
  lines: string[];
}

/** Checks the configuration folder as a start would: `config-check`. One line for each problem, exit code 1. */
export function checkConfiguration(env: Environment): CheckOutcome {
  try {
    const { configDir } = readSettings(env);
    const loaded = parseConfigTexts(readConfigTexts(configDir), configDir, env);
    if ('problems' in loaded) return { exitCode: 1, lines: loaded.problems.map(formatProblem) };
    return { exitCode: 0, lines: [`${configFileNames.length} configuration files are valid`] };
  } catch (error) {
    if (error instanceof AppError) return { exitCode: 1, lines: [error.message] };
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { exitCode, lines } = checkConfiguration(process.env);
  const print = exitCode === 0 ? console.log : console.error;
  for (const line of lines) print(line);
  process.exitCode = exitCode;
}
