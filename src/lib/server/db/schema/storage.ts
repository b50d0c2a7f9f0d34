import { blob, sqliteTable } from 'drizzle-orm/sqlite-core';

/** Empty but while it is tried whether the disk takes writes again. */
export const storageProbes = sqliteTable('storage_probe', { filler: blob('filler').notNull() });
