import type { RunContext } from './ports.ts';

const LONGEST_TITLE = 120;

/** Names the conversation as the model suggests, where it does. */
export function nameConversation(context: Pick<RunContext, 'rename'>, title: string | undefined): void {
  const name = title?.trim().slice(0, LONGEST_TITLE);
  if (name) context.rename(name);
}
