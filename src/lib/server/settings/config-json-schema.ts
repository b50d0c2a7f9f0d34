import { z } from 'zod';
import type { ConfigFileName } from './config-files.ts';
import { configSchemas } from './config-files.ts';

/** `config.json` -> `config.schema.json`. */
export function schemaFileName(file: ConfigFileName): string {
  return file.replace(/\.json$/, '.schema.json');
}

/** The JSON Schema of one configuration file as text, for what a person writes: defaults may be left out. */
export function configJsonSchema(file: ConfigFileName): string {
  return `${JSON.stringify(z.toJSONSchema(configSchemas[file], { io: 'input' }), null, 2)}\n`;
}
