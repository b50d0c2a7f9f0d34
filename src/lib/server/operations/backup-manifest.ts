import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { InvalidError } from '../errors/app-error.ts';
import { dataFileNames } from './data-files.ts';

export const MANIFEST_NAME = 'manifest.json';

const manifestSchema = z.object({
  format: z.literal(1),
  product: z.literal('backlogue'),
  /** Of the build that made the backup. */
  version: z.string(),
  createdAt: z.iso.datetime(),
  /** The ids of the keys that its secrets are sealed with. The keys themselves are not in a backup. */
  keyIds: z.array(z.string()),
  migrations: z.object({ count: z.number(), newest: z.number() }),
  files: z
    .array(
      z.object({
        name: z.enum(dataFileNames),
        bytes: z.number(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
        rows: z.record(z.string(), z.number()),
      }),
    )
    .refine((files) => files.some(({ name }) => name === 'app.db')),
});
/** What a backup says of itself. */
export type BackupManifest = z.infer<typeof manifestSchema>;

/** @throws InvalidError `backup_unreadable` where the folder holds no finished backup of this product. */
export function readManifest(folder: string): BackupManifest {
  const parsed = manifestSchema.safeParse(parsedManifest(join(folder, MANIFEST_NAME)));
  if (parsed.success) return parsed.data;
  throw new InvalidError('backup_unreadable', `${folder} is not a finished backup of Backlogue.`, {
    hint: `Name a folder that holds ${MANIFEST_NAME}, as \`npm run backup\` makes it. Nothing was changed.`,
  });
}

function parsedManifest(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
