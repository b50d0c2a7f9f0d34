import { titleMaxCharacters } from '../contracts/conversation-title.ts';
import type { RunContext } from './ports.ts';

/** Names the conversation as the model suggests, where it does. */
export function nameConversation(context: Pick<RunContext, 'rename'>, title: string | undefined): void {
  const name = title?.trim().slice(0, titleMaxCharacters);
  if (name) context.rename(name);
}
