import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ulid } from 'ulid';

/** As a person sees them in their list. */
const conversationsEach = 20;

/**
 * Writes people with a personal key and some conversations each straight into a running product's database, and returns the keys. They could
 * not sign in: what stands for their password is no hash.
 */
export function seedKeyHolders(dataFolder: string, count: number): string[] {
  const db = new Database(join(dataFolder, 'app.db'), { timeout: 30_000 });
  const keys = Array.from({ length: count }, () => `blk_${randomBytes(32).toString('base64url')}`);
  try {
    const insertPerson = db.prepare(
      `INSERT INTO user (id, employee_id, name, email, display_name, hashed_password, encrypted_jira_pat, jira_url,
         jira_changed_at, created_at, updated_at)
       VALUES (:id, :id, :id, :id, :id, '', '', '', 0, 0, 0)`,
    );
    const insertKey = db.prepare(
      `INSERT INTO api_key (id, user_id, name, hash, prefix, created_at, last_used_at, expires_at)
       VALUES (:id, :id, 'bench', :hash, :prefix, :now, :now, :until)`,
    );
    const insertConversation = db.prepare(
      `INSERT INTO conversation (id, user_id, title, status, project_key, created_at, updated_at)
       VALUES (:id, :user, 'A requirement of the practice backlog', 'done', 'DEMO', :now, :now)`,
    );
    const now = Date.now();
    db.transaction(() => {
      keys.forEach((key) => {
        const id = ulid();
        insertPerson.run({ id });
        const hash = createHash('sha256').update(key).digest('hex');
        insertKey.run({ id, hash, prefix: key.slice(0, 8), now, until: now + 3_600_000 });
        for (let nth = 0; nth < conversationsEach; nth += 1)
          insertConversation.run({ id: `${id}-${nth}`, user: id, now: now + nth });
      });
    }).immediate();
  } finally {
    db.close();
  }
  return keys;
}
