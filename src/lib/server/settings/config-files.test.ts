import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigFileName } from './config-files.ts';
import { configFileNames, parseConfigTexts, readConfigTexts, untilTwiceTheSame } from './config-files.ts';
import { formatProblem } from './config-problem.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'backlogue-config-'));
  cpSync('config', dir, { recursive: true });
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function load(env: Record<string, string> = {}) {
  return parseConfigTexts(readConfigTexts(dir), dir, env);
}

function problems(env: Record<string, string> = {}): string[] {
  const loaded = load(env);
  return 'problems' in loaded ? loaded.problems.map(formatProblem) : [];
}

function edit(file: ConfigFileName, from: string, to: string): void {
  const text = readFileSync(join(dir, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} holds no ${from}`);
  writeFileSync(join(dir, file), text.replace(from, to));
}

describe('The configuration files', () => {
  it('are valid as shipped, comments included', () => {
    expect(problems()).toEqual([]);
  });

  it('fill in what is left out', () => {
    const loaded = load();
    if ('problems' in loaded) throw new Error('expected valid files');
    expect(loaded.files.config.limits.sourceBytes).toBe(1_048_576);
    expect(loaded.files.config.llm.timeouts.firstByteMs).toBe(60_000);
  });

  it.each([
    {
      what: 'a value of the wrong type',
      change: ['config.json', '"temperature": 0.2', '"temperature": "warm"'],
      problem: /^config\.json:\d+:21 llm\.parameters\.temperature — expected a number, found "warm"$/,
    },
    {
      what: 'an unknown key, at the key',
      change: ['config.json', '"allowedHosts"', '"allowHosts"'],
      problem: /^config\.json:\d+:3 allowHosts — expected a known key, found "allowHosts"$/,
    },
    {
      what: 'an unknown mode',
      change: ['config.json', '"mode": "practice"', '"mode": "demo"'],
      problem: /^config\.json:\d+:3 mode — expected one of "practice", "live", found "demo"$/,
    },
    {
      what: 'a number out of range',
      change: ['config.json', '"temperature": 0.2', '"temperature": 3'],
      problem: /llm\.parameters\.temperature — expected at most 2, found 3$/,
    },
    {
      what: 'a missing object, at its parent',
      change: ['config.json', '"default": { "path": "/v1/generate" },', ''],
      problem: /^config\.json:\d+:5 llm\.endpoints\.default — expected an object, found nothing$/,
    },
    {
      what: 'a comma too few',
      change: ['config.json', '"mode": "practice",', '"mode": "practice"'],
      problem: /^config\.json:\d+:3 expected valid JSON: comma expected$/,
    },
    {
      what: 'live mode without a Jira',
      change: ['config.json', '"mode": "practice"', '"mode": "live"'],
      problem: /jira\.url — expected the URL of your Jira, because mode is "live"$/,
    },
    {
      what: 'a CA file that is not there',
      change: ['config.json', '"jira": { "url": null }', '"jira": { "url": null, "caFile": "ca.pem" }'],
      problem: /jira\.caFile — expected a file that can be read \(ENOENT\)$/,
    },
    {
      what: 'a CA file without a certificate',
      change: ['config.json', '"jira": { "url": null }', '"jira": { "url": null, "caFile": "header.json" }'],
      problem: /jira\.caFile — expected certificates in PEM form \(-----BEGIN CERTIFICATE-----\)$/,
    },
    {
      what: 'lists in lists without end, which would fill the stack',
      change: ['config.json', '"administrators": ["E10007"]', `"administrators": ${'['.repeat(50_000)}`],
      problem: /^config\.json:\d+:\d+ expected at most 100 levels of lists and objects$/,
    },
    {
      what: 'an unknown placeholder in a header',
      change: ['header.json', '{{requestId}}', '{{request}}'],
      problem:
        /^header\.json:5:5 headers\.X-Request-ID — expected one of \{\{credential\}\}, .*, found \{\{request\}\}$/,
    },
    {
      what: 'an unknown placeholder in a payload',
      change: ['payload.json', '{{maxTokens}}', '{{max_tokens}}'],
      problem: /^payload\.json:\d+:5 default\.max_tokens — expected one of .*, found \{\{max_tokens\}\}$/,
    },
    {
      what: 'a payload that tells the model nothing',
      change: ['payload.json', '"messages": "{{messages}}",', ''],
      problem: /default — expected \{\{messages\}\} or \{\{prompt\}\}/,
    },
    {
      what: 'no header for the credential',
      change: ['header.json', 'session={{credential}}', 'session=none'],
      problem: /headers — expected a header with \{\{credential\}\}, because llm\.credential is "cookie"$/,
    },
    {
      what: 'a header that the connection owns',
      change: ['header.json', '"traceparent"', '"Host"'],
      problem: /headers\.Host — expected no Host header/,
    },
    {
      what: 'two formats with one id',
      change: ['prompts.json', '"id": "bdd"', '"id": "classic"'],
      problem: /storyFormats\.1\.id — expected an id of its own, found "classic" twice$/,
    },
  ] as { what: string; change: [ConfigFileName, string, string]; problem: RegExp }[])(
    'say where and what for $what',
    ({ change, problem }) => {
      edit(...change);
      expect(problems()).toEqual([expect.stringMatching(problem)]);
    },
  );

  it('name a missing and an empty file, and everything else that is wrong in one go', () => {
    rmSync(join(dir, 'header.json'));
    writeFileSync(join(dir, 'payload.json'), ' \n');
    edit('config.json', '"practice-writer"', '7');
    expect(problems()).toEqual([
      'header.json:1:1 expected a file that can be read (ENOENT)',
      expect.stringMatching(/llm\.model — expected a text, found 7$/),
      'payload.json:1:1 expected a JSON object, found an empty file',
    ]);
  });

  it('are read as of one moment: a reading that a swap of the folder fell into does not count', () => {
    const one = (hash: string) => ({ ...readConfigTexts(dir), hash });
    const readings = [one('half old'), one('new'), one('new'), one('newer')];
    expect(untilTwiceTheSame(() => readings.shift() ?? one('none')).hash).toBe('new');
    let writes = 0;
    expect(untilTwiceTheSame(() => one(`written ${(writes += 1)} times`)).hash).toBe('written 5 times');
  });

  it('take values from the environment, in header.json too, and never show them', () => {
    edit('header.json', '"traceparent"', '"X-Gateway-Key"');
    edit('header.json', '{{traceparent}}', '${GATEWAY_KEY}');
    const loaded = load({ GATEWAY_KEY: 'gw-7f2b9c' });
    if ('problems' in loaded) throw new Error('expected valid files');
    expect(loaded.files.header.headers['X-Gateway-Key']).toBe('gw-7f2b9c');
    expect(loaded.environmentValues).toEqual(['gw-7f2b9c']);

    expect(problems()).toEqual([
      'header.json:6:5 headers.X-Gateway-Key — expected the environment variable GATEWAY_KEY to be set',
    ]);
    edit('config.json', '"mode": "practice"', '"mode": "${GATEWAY_KEY}"');
    const shown = problems({ GATEWAY_KEY: 'gw-7f2b9c' }).join('\n');
    expect(shown).toContain('found "${GATEWAY_KEY}"');
    expect(shown).not.toContain('gw-7f2b9c');
  });
});

describe('Damaged configuration files', () => {
  /** Cuts, doubles, drops or replaces a stretch of one of the four texts. */
  const damage = fc.record({
    file: fc.constantFrom(...configFileNames),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 0, max: 40 }),
    put: fc.oneof(
      fc.constantFrom('', '"', '{', '}', ',', '{{x}}', '${NO_SUCH}', 'null', '\u0000'),
      fc.string({ maxLength: 8 }),
    ),
    rest: fc.boolean(),
  });

  it('never throw: each is either used or told, with a place that exists in its text', () => {
    const whole = readConfigTexts('config');
    fc.assert(
      fc.property(damage, ({ file, at, length, put, rest }) => {
        const text = whole.texts.get(file) ?? '';
        const start = Math.floor(at * text.length);
        const damaged = text.slice(0, start) + put + (rest ? text.slice(start + length) : '');
        const loaded = parseConfigTexts(
          { ...whole, texts: new Map(whole.texts).set(file, damaged) },
          'config',
          {},
        );
        if (!('problems' in loaded)) return;
        expect(loaded.problems.length).toBeGreaterThan(0);
        for (const problem of loaded.problems) {
          expect(problem.message).toMatch(/^expected /);
          const lines = (
            problem.file === file ? damaged : (whole.texts.get(problem.file as ConfigFileName) ?? '')
          ).split('\n');
          expect(problem.line).toBeLessThanOrEqual(lines.length);
          expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1]?.length ?? 0) + 1);
        }
      }),
      { numRuns: 500 },
    );
  });
});
