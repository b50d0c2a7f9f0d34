import { join } from 'node:path';
import { openDatabase } from '../../src/lib/server/db/connection.ts';
import { conversations, runEvents, users } from '../../src/lib/server/db/schema/index.ts';

export const longConversation = { id: 'long', eventCount: 10_000 };

/** Gives the first person of a product's database a long conversation: half of it said by them, half by the agent. */
export function storeLongConversation(dataDir: string): void {
  const { id, eventCount } = longConversation;
  const db = openDatabase(join(dataDir, 'app.db'));
  try {
    const owner = db.orm.select({ id: users.id }).from(users).get();
    if (!owner) throw new Error('Nobody has registered.');
    const row = {
      id,
      userId: owner.id,
      title: 'A long one',
      lastSeq: eventCount,
      createdAt: 1,
      updatedAt: 1,
    };
    db.orm.transaction((tx) => {
      tx.insert(conversations).values(row).run();
      for (let seq = 1; seq <= eventCount; seq++) {
        const isOwn = seq % 2 === 1;
        const body = {
          messageId: `m${seq}`,
          role: isOwn ? 'user' : 'assistant',
          text: `Message ${seq}. It says **something** about \`invoices\` and their exports.`,
          number: isOwn ? (seq + 1) / 2 : null,
        };
        tx.insert(runEvents)
          .values({ conversationId: id, seq, type: 'message_added', body: JSON.stringify(body), at: seq })
          .run();
      }
    });
  } finally {
    db.close();
  }
}
