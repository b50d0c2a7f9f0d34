import { AppError } from '../errors/app-error.ts';

/** How a process ends that could not start; scripts/setup-error.mjs has the same numbers for what it finds before. */
const exitCodes: [RegExp, number][] = [
  [/^port_taken$/, 2],
  [/^(config_invalid|setting_invalid|practice_ports_unknown)$/, 3],
  [/^data_folder_unusable$/, 4],
  [/^(database_|storage_)/, 8],
  [/^keyring_/, 9],
];

/**
 * Says in one sentence or two why the process cannot start, and ends it. What is no AppError is a fault of ours and keeps
 * its stack.
 */
export function failStart(error: unknown, leave: (code: number) => never = process.exit): never {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${[error.message, error.hint].filter(Boolean).join('\n')}\n`);
  return leave(exitCodes.find(([pattern]) => pattern.test(error.code))?.[1] ?? 1);
}
