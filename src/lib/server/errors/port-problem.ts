import { AppError } from './app-error.ts';

/** What a listener failed with, in words where its port cannot be had. */
export function portProblem(error: unknown, what: string, variables: string): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'EADDRINUSE') {
    return new AppError('port_taken', `A port that ${what} needs is taken.`, {
      cause: error,
      hint: `Stop what uses it, or set ${variables}.`,
    });
  }
  if (error.code !== 'EACCES' && error.code !== 'EADDRNOTAVAIL') return error;
  return new AppError('port_denied', `A port that ${what} needs cannot be opened (${error.code}).`, {
    cause: error,
    hint: `Set ${variables} to one above 1023, and HOST to an address of this machine.`,
  });
}
