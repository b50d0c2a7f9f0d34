import { storeConversation } from './stored-conversation.ts';

export const longConversation = { id: 'long', eventCount: 10_000 };

/** Gives the first person of a product's database a long conversation: half of it said by them, half by the agent. */
export function storeLongConversation(dataDir: string): void {
  const { id, eventCount } = longConversation;
  const texts = Array.from(
    { length: eventCount },
    (_, index) => `Message ${index + 1}. It says **something** about \`invoices\` and their exports.`,
  );
  storeConversation(dataDir, { id, title: 'A long one', texts });
}
