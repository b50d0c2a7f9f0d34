import { pathToFileURL } from 'node:url';
import { AppError } from '../errors/app-error.ts';
import type { Environment } from '../settings/settings.ts';

export interface CommandContext {
  args: string[];
  env: Environment;
  /** One line for the person at the terminal, at once. */
  print(line: string): void;
}

/**
 * Runs `command` where its module is the program that was started, and does nothing where it was imported. An AppError
 * becomes one line on standard error and exit code 1; any other error is a fault of ours and keeps its stack.
 */
export async function runAsProgram(
  moduleUrl: string,
  command: (context: CommandContext) => Promise<0 | 1> | 0 | 1,
): Promise<void> {
  if (moduleUrl !== pathToFileURL(process.argv[1] ?? '').href) return;
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    process.exitCode = await command({ args: process.argv.slice(2), env: process.env, print });
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    process.exitCode = 1;
  }
}

function sentenceOf(error: unknown): string {
  if (error instanceof AppError) return [error.message, error.hint].filter(Boolean).join(' ');
  const isWrongUsage =
    error instanceof TypeError && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code));
  if (isWrongUsage) return error.message;
  throw error;
}
