import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { configFileNames } from '../settings/config-files.ts';
import { configJsonSchema, schemaFileName } from '../settings/config-json-schema.ts';

/** Writes the JSON Schemas that editors use for the configuration files: `config-schema [folder]`. */
export function writeConfigSchemas(dir: string): void {
  mkdirSync(dir, { recursive: true });
  for (const file of configFileNames) writeFileSync(join(dir, schemaFileName(file)), configJsonSchema(file));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeConfigSchemas(resolve(process.argv[2] ?? 'config/schema'));
}
