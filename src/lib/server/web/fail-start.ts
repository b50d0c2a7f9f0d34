import { subscribe } from 'node:diagnostics_channel';
import { portProblem } from '../errors/port-problem.ts';
import { AppError } from '../errors/app-error.ts';

/** How a process ends that could not start; scripts/setup-error.mjs has the same numbers for what it finds before. */
const exitCodes: [RegExp, number][] = [
  [/^port_/, 2],
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

/**
 * Ends the process in our words where the pages' port cannot be had. The node adapter opens it by itself, after the app has
 * started, and leaves its failure to nobody; every other listener is ours and tells its own.
 */
export function failWithoutPort(port: number, leave?: (code: number) => never): void {
  subscribe(listenFails, (message) => {
    const { error } = message as { error: Error & { port?: number } };
    if (error.port === port) failStart(portProblem(error, 'the page server', 'PORT'), leave);
  });
}

/** Node's own, published before the server's error event (documentation of `diagnostics_channel`, TCP). */
const listenFails = 'tracing:net.server.listen:error';
