import { z } from 'zod';
import { compactDatabase } from '../db/compact-database.ts';
import { openDatabase } from '../db/connection.ts';

const inputSchema = z.object({ files: z.array(z.string()) });

/** Writes each database file anew, one after the other. Whoever writes to one of them meanwhile has to wait. */
export default function compactDatabases(message: unknown): void {
  for (const file of inputSchema.parse(message).files) {
    const database = openDatabase(file);
    try {
      compactDatabase(database);
    } finally {
      database.close();
    }
  }
}
