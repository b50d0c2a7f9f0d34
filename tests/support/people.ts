import type { AppDatabase } from '../../src/lib/server/db/connection.ts';
import { users } from '../../src/lib/server/db/schema/index.ts';
import type { Actor } from '../../src/lib/server/services/services.ts';

type UserRow = typeof users.$inferInsert;

/** Stores a person as registration would have left them, and returns them as the actor of a request. */
export function addPerson(db: AppDatabase, person: Partial<UserRow> = {}): Actor {
  const employeeId = person.employeeId ?? 'ada';
  const row: UserRow = {
    id: person.id ?? `user-${employeeId}`,
    employeeId,
    name: 'Ada Lovelace',
    email: `${employeeId}@example.com`,
    displayName: 'Ada',
    hashedPassword: 'not-a-hash',
    encryptedJiraPat: 'not-sealed',
    jiraUrl: 'http://jira.example.com',
    jiraChangedAt: 0,
    createdAt: 0,
    updatedAt: 0,
    ...person,
  };
  db.orm.insert(users).values(row).run();
  return { userId: row.id, employeeId, role: row.role ?? 'user', requestId: 'request-1' };
}
