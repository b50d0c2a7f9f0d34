import { AppError } from '../../errors/app-error.ts';
import type { Settings } from '../../settings/settings.ts';
import type { ConfigFile } from '../../../contracts/config/config-file.ts';
import { checkBackup, checkDatabase } from './check-data.ts';
import { checkEnvironment, checkKeys } from './check-environment.ts';
import { checkCollector, checkHealth, checkRemotes } from './check-network.ts';
import { byHand, ok, wrong, type Check, type Finding } from './finding.ts';

export interface PreflightDeps {
  settings: Settings;
  /** config.json, or what is wrong with the four files, in sentences. */
  configuration: ConfigFile | { problems: string[] };
  backupsFolder: string;
  clock: { now(): number };
}

/** Goes through the deployment checklist, one finding a step at least, in its order. */
export async function* runPreflight(deps: PreflightDeps): AsyncGenerator<Finding> {
  for (const [step, check] of checklist(deps)) yield { step, ...(await findingOf(check)) };
}

function checklist(deps: PreflightDeps): [string, Check][] {
  const { settings, configuration, clock } = deps;
  const config = 'problems' in configuration ? null : configuration;
  return [
    ['Configuration files', () => checkConfiguration(configuration)],
    ['Database migrations', () => checkDatabase(settings)],
    ['TLS to Jira, Confluence, model', () => checkRemotes(config)],
    ['Environment variables', () => checkEnvironment(settings, config?.mode ?? null)],
    ['Encryption keys', () => checkKeys(settings)],
    ['Logging and monitoring', () => checkCollector(settings)],
    ['Performance', () => byHand('Run `npm run bench` on this machine; it fails below the floors.')],
    ['Security', () => byHand('Go through docs/security.md with whoever answers for it; run `npm test`.')],
    ['Backup and recovery', () => checkBackup(deps.backupsFolder, settings, clock)],
    ['Health', () => checkHealth(settings)],
    [
      'Load',
      () => byHand('Run `npm run bench:http` on this machine, with as many conversations as you expect.'),
    ],
  ];
}

function checkConfiguration(configuration: PreflightDeps['configuration']) {
  if ('problems' in configuration) return wrong(configuration.problems.join(' '));
  return ok('The four files are valid.');
}

/** A step that cannot be checked is not in order. */
async function findingOf(check: Check): Promise<Omit<Finding, 'step'>> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof AppError) return wrong([error.message, error.hint].filter(Boolean).join(' '));
    return wrong(error instanceof Error ? error.message : String(error));
  }
}
