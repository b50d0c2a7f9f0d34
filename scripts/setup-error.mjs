/** How `npm start` ends when it cannot go on. docs/operations.md lists them; 1 is left to failed tests. */
export const exitCodes = {
  portUnavailable: 2,
  configurationBroken: 3,
  dataFolderUnusable: 4,
  downloadFailed: 5,
  buildFailed: 6,
  notReady: 7,
  /** Damaged, written by a newer version, or on a disk that is full: told by the app itself. */
  databaseUnusable: 8,
  /** Missing, open to others, or not those that the data was written with: told by the app itself. */
  keysUnusable: 9,
  /** As in sysexits.h: the command line itself is wrong. */
  wrongUsage: 64,
};

/** Something that the person at the keyboard can mend. The message is one sentence for them to read. */
export class SetupError extends Error {
  /**
   * @param {number} exitCode one of `exitCodes`
   * @param {string} message
   * @param {string} [details] what a tool printed, shown above the sentence
   */
  constructor(exitCode, message, details) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
    this.details = details;
  }
}

/**
 * Runs a script to its exit code. A SetupError becomes its one sentence on stderr; anything else is a
 * fault of ours and keeps its stack.
 * @param {() => Promise<number>} main
 */
export async function exitWith(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    if (error.details) process.stderr.write(`${error.details.trimEnd()}\n\n`);
    process.stderr.write(`${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}
