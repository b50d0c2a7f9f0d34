import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyEdits, modify } from 'jsonc-parser';
import { afterAll, describe, expect, it } from 'vitest';
import { configFileSchema } from '../../src/lib/contracts/config/config-file.ts';
import { checkConfiguration } from '../../src/lib/server/commands/config-check.ts';
import {
  configFileNames,
  parseConfigTexts,
  readConfigTexts,
} from '../../src/lib/server/settings/config-files.ts';
import { configJsonSchema, schemaFileName } from '../../src/lib/server/settings/config-json-schema.ts';
import { formatProblem } from '../../src/lib/server/settings/config-problem.ts';
import { parseJsonDocument } from '../../src/lib/server/settings/json-document.ts';

const scratch = mkdtempSync(join(tmpdir(), 'backlogue-presets-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('The shipped configuration', () => {
  it('passes its own check', () => {
    expect(checkConfiguration({})).toEqual({ exitCode: 0, lines: ['4 configuration files are valid'] });
  });

  it('fails its check with one line for each problem', () => {
    const dir = join(scratch, 'broken');
    cpSync('config', dir, { recursive: true });
    writeFileSync(join(dir, 'header.json'), '{ "headers": { "Cookie": "{{cookie}}" } }');
    const { exitCode, lines } = checkConfiguration({ CONFIG_DIR: dir });
    expect(exitCode).toBe(1);
    expect(lines[0]).toMatch(/^header\.json:1:16 headers\.Cookie — expected one of .*found \{\{cookie\}\}$/);
  });

  it.each(configFileNames)('has an up-to-date JSON Schema for %s, which the file names', (file) => {
    const path = join('config/schema', schemaFileName(file));
    expect(readFileSync(path, 'utf8'), 'Run `npm run config:schema`').toBe(configJsonSchema(file));
    expect(readFileSync(join('config', file), 'utf8')).toContain(
      `"$schema": "./schema/${schemaFileName(file)}"`,
    );
  });

  it('keeps the other limits of a product where one of them is set', () => {
    const llm = {
      endpoints: { default: { path: '/' } },
      dialect: { type: 'text' },
    };
    const inPart = configFileSchema.parse({ llm, jira: { timeouts: { idleMs: 1 } } });
    const unset = configFileSchema.parse({ llm });
    expect(inPart.jira.timeouts).toEqual({ ...unset.jira.timeouts, idleMs: 1 });
    expect(unset.jira.timeouts.totalMs).toBeLessThan(unset.llm.timeouts.totalMs);
  });

  it.each(configFileNames)('describes every key of %s to editors', (file) => {
    const undescribed: string[] = [];
    visit(JSON.parse(configJsonSchema(file)), file, undescribed);
    expect(undescribed).toEqual([]);
  });
});

describe('The presets', () => {
  it.each(readdirSync('config/presets'))('%s makes a valid live configuration', (preset) => {
    const dir = join(scratch, preset);
    cpSync('config', dir, { recursive: true });
    for (const file of ['header.json', 'payload.json'])
      cpSync(join('config/presets', preset, file), join(dir, file));
    const path = join(dir, 'config.json');
    let text = readFileSync(path, 'utf8');
    for (const [key, value] of [
      [['llm'], presetPart(preset)],
      [['mode'], 'live'],
      [['jira', 'url'], 'https://jira.example.com/jira'],
    ] as const) {
      text = applyEdits(text, modify(text, [...key], value, {}));
    }
    writeFileSync(path, text);

    const loaded = parseConfigTexts(readConfigTexts(dir), dir, {});
    expect('problems' in loaded ? loaded.problems.map(formatProblem) : []).toEqual([]);
  });

  it.each(readdirSync('config/presets'))('%s names schemas that exist where it is copied to', (preset) => {
    for (const file of ['header.json', 'payload.json']) {
      const [, schema = ''] =
        /"\$schema": "([^"]+)"/.exec(readFileSync(join('config/presets', preset, file), 'utf8')) ?? [];
      expect(existsSync(join('config', schema)), schema).toBe(true);
    }
  });
});

function presetPart(preset: string): unknown {
  const parsed = parseJsonDocument(
    'llm.json',
    readFileSync(join('config/presets', preset, 'llm.json'), 'utf8'),
  );
  if ('problems' in parsed) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return parsed.document.value;
}

function visit(schema: unknown, path: string, undescribed: string[]): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { properties, ...rest } = schema as {
    properties?: Record<string, { description?: string; const?: unknown }>;
  };
  for (const [key, child] of Object.entries(properties ?? {})) {
    if (!child.description && child.const === undefined) undescribed.push(`${path}.${key}`);
    visit(child, `${path}.${key}`, undescribed);
  }
  for (const child of Object.values(rest)) visit(child, path, undescribed);
}
