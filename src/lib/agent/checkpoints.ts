import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';

export interface Checkpoints {
  saver: SqliteSaver;
  /** Drops all of a thread but where it stands now. Only that is ever resumed. */
  prune(threadId: string): void;
  /** What is deleted is overwritten in its place, and the log that still held it is emptied. */
  forget(threadId: string): Promise<void>;
  close(): void;
}

/** Opens the file of checkpoints, made when it is not there. What is committed survives a power cut. */
export function openCheckpoints(file: string): Checkpoints {
  const saver = SqliteSaver.fromConnString(file);
  const database = saver.db;
  database.pragma('journal_mode = WAL');
  // SQLite forgets this with the connection, and the driver's default for WAL is less.
  database.pragma('synchronous = FULL');
  database.pragma('busy_timeout = 5000');
  const pruned = database.transaction((threadId: string) => {
    const newest = database
      .prepare('SELECT max(checkpoint_id) AS id FROM checkpoints WHERE thread_id = ?')
      .get(threadId);
    const id = newest && typeof newest === 'object' && 'id' in newest ? newest.id : null;
    if (typeof id !== 'string') return;
    database.prepare('DELETE FROM checkpoints WHERE thread_id = ? AND checkpoint_id <> ?').run(threadId, id);
    database.prepare('DELETE FROM writes WHERE thread_id = ? AND checkpoint_id <> ?').run(threadId, id);
  });
  return {
    saver,
    prune(threadId) {
      // Without waiting for the disk: what a power cut brings back is dropped after the next run.
      database.pragma('synchronous = NORMAL');
      try {
        pruned(threadId);
      } finally {
        database.pragma('synchronous = FULL');
      }
    },
    // Its tables come with the first run; a thread that never ran leaves nothing to delete.
    forget: async (threadId) => {
      await saver.getTuple({ configurable: { thread_id: threadId } });
      database.pragma('secure_delete = ON');
      try {
        await saver.deleteThread(threadId);
      } finally {
        database.pragma('secure_delete = OFF');
      }
      database.pragma('wal_checkpoint(TRUNCATE)');
    },
    close: () => database.close(),
  };
}
