import { join } from 'node:path';
import { openDatabase } from '../../src/lib/server/db/connection.ts';
import { conversations, messages, runEvents, users } from '../../src/lib/server/db/schema/index.ts';

interface StoredConversation {
  id: string;
  title: string;
  /** Said in turns: by the person, by the agent, by the person ... */
  texts: readonly string[];
  updatedAt?: number;
}

/** Gives the first person of a product's database a conversation that was held before. */
export function storeConversation(
  dataDir: string,
  { id, title, texts, updatedAt = 1 }: StoredConversation,
): void {
  const db = openDatabase(join(dataDir, 'app.db'));
  try {
    const owner = db.orm.select({ id: users.id }).from(users).get();
    if (!owner) throw new Error('Nobody has registered.');
    const row = { id, userId: owner.id, title, lastSeq: texts.length, createdAt: 1, updatedAt };
    db.orm.transaction((tx) => {
      tx.insert(conversations).values(row).run();
      for (const [index, text] of texts.entries()) {
        const seq = index + 1;
        const isOwn = seq % 2 === 1;
        const body = {
          messageId: `${id}-m${seq}`,
          role: isOwn ? 'user' : 'assistant',
          text,
          number: isOwn ? (seq + 1) / 2 : null,
        };
        tx.insert(messages)
          .values({
            id: body.messageId,
            conversationId: id,
            role: isOwn ? 'user' : 'assistant',
            text,
            number: body.number,
            createdAt: seq,
          })
          .run();
        tx.insert(runEvents)
          .values({ conversationId: id, seq, type: 'message_added', body: JSON.stringify(body), at: seq })
          .run();
      }
    });
  } finally {
    db.close();
  }
}
