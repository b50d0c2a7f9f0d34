import { ulid } from 'ulid';
import { afterEach, beforeEach } from 'vitest';
import type { RunContext, RunInput, RunOutcome } from '../../src/lib/agent/ports.ts';
import type { Actor } from '../../src/lib/server/services/services.ts';
import { startConversations, type Conversations } from './conversations.ts';
import { addPerson } from './people.ts';
import { openTempDatabase, type TempDatabase } from './temp-database.ts';

export type Script = (input: RunInput, context: RunContext) => Promise<RunOutcome>;

export const completed: RunOutcome = { end: 'completed' };
export const untilAborted = ({ signal }: RunContext) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );

/** Ada with a database of her own for each test, and as many products on it as the test starts. */
export function useConversations() {
  let temp: TempDatabase;
  let ada: Actor;
  const started: Conversations[] = [];

  beforeEach(() => {
    temp = openTempDatabase();
    ada = addPerson(temp.db);
  });
  afterEach(async () => {
    for (const world of started.splice(0)) await world.runs.dispose();
    temp.dispose();
  });

  return {
    ada: () => ada,
    db: () => temp.db,
    start(script: Script, options: Partial<Parameters<typeof startConversations>[1]> = {}): Conversations {
      const world = startConversations(temp.db, { script, ...options });
      started.push(world);
      return world;
    },
    async newConversation({ conversations }: Conversations): Promise<string> {
      const { conversationId } = await conversations.create(ada, { projectKey: 'DEMO', choices: {} });
      return conversationId;
    },
    say: (world: Conversations, conversationId: string, text = 'Invoices as PDF.', messageId = ulid()) =>
      world.commands['message:send'](ada, { conversationId, messageId, text, draftIds: [] }),
  };
}
