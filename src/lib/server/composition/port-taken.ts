import { AppError } from '../errors/app-error.ts';

/** What a listener failed with, in words where its port is taken. */
export function portTaken(error: unknown, what: string, variables: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  return new AppError('port_taken', `A port that ${what} needs is taken.`, {
    cause: error,
    hint: `Stop what uses it, or set ${variables}.`,
  });
}
