/** One thing that keeps a configuration file from being used. */
export interface ConfigProblem {
  /** File name inside the configuration folder. */
  file: string;
  /** 1-based. */
  line: number;
  /** 1-based. */
  column: number;
  /** Keys and indexes joined by dots; empty for the whole file. */
  path: string;
  /** What was expected. Never holds a value that came from the environment. */
  message: string;
}

/** A problem before its place in the text is known. */
export interface ConfigFinding {
  path: readonly (string | number)[];
  message: string;
}

/** `payload.json:4:15 draft.messages — expected ...`, as editors and terminals link it. */
export function formatProblem({ file, line, column, path, message }: ConfigProblem): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path} — `}${message}`;
}
