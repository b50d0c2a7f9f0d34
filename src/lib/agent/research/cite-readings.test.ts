import { describe, expect, it } from 'vitest';
import { citeReadings } from './cite-readings.ts';
import type { ReadThing } from './reading-log.ts';

const issue = (ref: string, opened = false): ReadThing => ({
  kind: 'issue',
  ref,
  title: `About ${ref}`,
  url: `http://jira/browse/${ref}`,
  opened,
});
const page: ReadThing = {
  kind: 'page',
  ref: '70',
  title: 'Export [rules]',
  url: 'http://wiki/70',
  opened: true,
};
const cite = (text: string, read: ReadThing[] = [], asked: string[] = []) =>
  citeReadings(text, { read, asked, projectKey: 'DEMO' });

describe('What an answer rests on', () => {
  it('is linked: the issues and pages that it names and that were read', () => {
    expect(cite('DEMO-7 does it, see Export [rules].', [issue('DEMO-7'), issue('DEMO-8'), page])).toBe(
      'DEMO-7 does it, see Export [rules].\n\nRead for this answer: [DEMO-7](<http://jira/browse/DEMO-7>), [Export \\[rules\\]](<http://wiki/70>).',
    );
  });

  it('is what was opened where the answer names nothing', () => {
    expect(cite('There is one.', [issue('DEMO-7'), issue('DEMO-8', true)])).toContain(
      'Read for this answer: [DEMO-8](<http://jira/browse/DEMO-8>).',
    );
  });

  it('is doubted where nobody read it', () => {
    expect(cite('DEMO-7 and DEMO-99 do it.', [issue('DEMO-7')])).toContain(
      'Not read, so check before you rely on it: DEMO-99.',
    );
    expect(cite('OPS-3 does it.', [issue('OPS-1')])).toContain('check before you rely on it: OPS-3.');
  });

  it('is not doubted where the person named it, nor where it only looks like a key', () => {
    expect(cite('DEMO-99 is not there. Files are UTF-8, hashed by SHA-256.', [], ['DEMO-99'])).toBe(
      'DEMO-99 is not there. Files are UTF-8, hashed by SHA-256.',
    );
  });

  it('is never a link to anything but a web address', () => {
    const odd = { ...issue('DEMO-7'), url: 'javascript:alert(1)' };
    expect(cite('DEMO-7.', [odd])).toBe('DEMO-7.\n\nRead for this answer: DEMO-7.');
  });
});
