import { createContext } from 'svelte';
import type { BypassTerms } from '$lib/contracts/bypass-terms';
import type { RuleSettings } from '$lib/contracts/config/config-file';
import type { ConversationClient, OutgoingMessage } from '../conversation-client.svelte.ts';
import type { ConversationState } from '../conversation-view.ts';

/** What a person can ask of the conversation on the screen. Every call resolves to an ack and never rejects. */
export type Commands = Pick<
  ConversationClient,
  | 'send'
  | 'resend'
  | 'takeBack'
  | 'withdraw'
  | 'answer'
  | 'editDraft'
  | 'discardDraft'
  | 'setFields'
  | 'approve'
  | 'resolveCreation'
  | 'command'
  | 'stop'
  | 'continueRun'
>;

/** What every part of one opened conversation may need: handed down once, by the page. */
export interface Workspace {
  readonly conversation: ConversationState;
  /** Messages of this conversation that the server does not have yet. */
  readonly outbox: readonly OutgoingMessage[];
  readonly rules: RuleSettings;
  /** Which rules the person may set aside. */
  readonly bypassTerms: BypassTerms;
  readonly person: { displayName: string; employeeId: string; role: 'user' | 'administrator' };
  readonly commands: Commands;
  /** Shows what a reference such as `M2.1`, `A3` or `S1.4` points at: scrolls there and marks it for a moment. */
  reveal(ref: string): void;
}

export const [useWorkspace, provideWorkspace] = createContext<Workspace>();
