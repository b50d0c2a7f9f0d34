import { and, asc, desc, eq, gt } from 'drizzle-orm';
import type { AppDatabase } from '../db/connection.ts';
import { auditEvents, runs } from '../db/schema/index.ts';

export type CompactionRepository = ReturnType<typeof createCompactionRepository>;

/** What tells whether the database files should be written anew, and whether now is a good moment. */
export function createCompactionRepository({ orm, sqlite }: AppDatabase) {
  return {
    /** When somebody was first deleted since the files were last written anew; null when nobody was. */
    erasedAt(): number | null {
      const { action, id, at } = auditEvents;
      const last = orm
        .select({ id })
        .from(auditEvents)
        .where(eq(action, 'database.compact'))
        .orderBy(desc(at), desc(id))
        .limit(1)
        .get();
      const erasure = orm
        .select({ at })
        .from(auditEvents)
        .where(and(eq(action, 'person.erase'), eq(auditEvents.outcome, 'ok'), gt(id, last?.id ?? 0)))
        .orderBy(asc(at))
        .limit(1)
        .get();
      return erasure?.at ?? null;
    },

    /** Bytes of the file, and how many of them hold nothing. */
    room(): { bytes: number; freeBytes: number } {
      const number = (pragma: string) => Number(sqlite.pragma(pragma, { simple: true }));
      const pageBytes = number('page_size');
      return { bytes: number('page_count') * pageBytes, freeBytes: number('freelist_count') * pageBytes };
    },

    /** Whether any process drives a run. */
    isAnyRunAtWork(): boolean {
      return (
        orm.select({ id: runs.id }).from(runs).where(eq(runs.status, 'running')).limit(1).get() !== undefined
      );
    },
  };
}
