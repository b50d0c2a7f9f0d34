import { z } from 'zod';
import { damageOf } from '../db/check-database.ts';

const inputSchema = z.object({ files: z.array(z.string()) });

/** Which of the database files are damaged, and how: the first sentence of each. They may be in use meanwhile. */
export default function checkDatabases(message: unknown): { file: string; damage: string }[] {
  return inputSchema.parse(message).files.flatMap((file) => {
    const [damage] = damageOf(file);
    return damage === undefined ? [] : [{ file, damage }];
  });
}
