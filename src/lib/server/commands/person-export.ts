import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../clock.ts';
import { exportPerson } from '../operations/export-person.ts';
import { runAsProgram, type CommandContext } from '../operations/run-command.ts';
import { readSettings } from '../settings/settings.ts';

const usage = `Writes everything that is stored of a person into one JSON file, but for tokens and passwords.

  npm run person:export -- EMPLOYEE_ID FILE

Safe beside the running app. The audit log notes it.`;

/** Hands out what is stored of one person, to whoever runs the server: `person-export EMPLOYEE_ID FILE`. */
export async function exportOnePerson({ args, env, print }: CommandContext): Promise<0 | 1> {
  const { positionals } = parseArgs({
    args,
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [employeeId, path] = positionals;
  if (employeeId === undefined || path === undefined) {
    print(usage);
    return args.some((arg) => arg === '--help' || arg === '-h') ? 0 : 1;
  }
  const file = resolve(path);
  await exportPerson({ settings: readSettings(env), employeeId, file, clock: systemClock });
  print(`Everything that is stored of ${employeeId} is in ${file}, readable by you alone.`);
  return 0;
}

await runAsProgram(import.meta.url, exportOnePerson);
