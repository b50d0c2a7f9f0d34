import { join } from 'node:path';
import Database from 'better-sqlite3';

export interface Journal {
  conversations: number;
  /** In all of them together. */
  events: number;
}

/**
 * Writes conversations with their runs and events straight into a running product's database, spread evenly over its
 * people: what months of use leave behind, in seconds.
 */
export function seedJournal(dataFolder: string, { conversations, events }: Journal): void {
  const db = new Database(join(dataFolder, 'app.db'), { timeout: 30_000 });
  try {
    const people = db.prepare('SELECT id FROM user ORDER BY id').pluck().all() as string[];
    const insertConversation = db.prepare(
      `INSERT INTO conversation (id, user_id, title, status, project_key, last_seq, created_at, updated_at)
       VALUES (?, ?, ?, 'done', 'DEMO', ?, ?, ?)`,
    );
    const insertRun = db.prepare(
      `INSERT INTO run (id, conversation_id, user_id, status, input, process_id, heartbeat_at, started_at, ended_at)
       VALUES (?, ?, ?, 'completed', '{}', 'seed', ?, ?, ?)`,
    );
    const insertEvent = db.prepare(
      'INSERT INTO run_event (conversation_id, seq, run_id, type, body, at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    const eventsEach = Math.ceil(events / conversations);
    const startedAt = Date.now() - conversations * 60_000;
    db.transaction(() => {
      for (let n = 0; n < conversations; n += 1) {
        const id = `seeded-conversation-${String(n).padStart(6, '0')}`;
        const person = people[n % people.length];
        const at = startedAt + n * 60_000;
        insertConversation.run(id, person, `Requirement ${n} of the practice backlog`, eventsEach, at, at);
        insertRun.run(`${id}-run`, id, person, at, at, at);
        for (let seq = 1; seq <= eventsEach; seq += 1)
          insertEvent.run(id, seq, `${id}-run`, 'text_delta', pieceOfText, at);
      }
    }).immediate();
  } finally {
    db.close();
  }
}

const pieceOfText = JSON.stringify({
  messageId: 'seeded',
  text: 'As a clerk I want to see every open order. ',
});
