import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storageToParagraphs } from './storage-to-paragraphs.ts';

describe('a page becomes the paragraphs that a person reads', () => {
  test('headings, paragraphs and inline marks', () => {
    const page =
      '<h1>Billing</h1><p>Invoices are <strong>kept</strong> for&nbsp;<em>10 years</em>.<br/>No exception.</p>';
    expect(storageToParagraphs(page)).toEqual(['Billing', 'Invoices are kept for 10 years. No exception.']);
  });

  test('lists, nested and mixed', () => {
    const page = `<ul><li>Formats<ol><li><p>PDF</p></li><li>CSV</li></ol></li><li>Languages</li></ul><ol><li>First</li></ol>`;
    expect(storageToParagraphs(page)).toEqual([
      '- Formats',
      '  1. PDF',
      '  2. CSV',
      '- Languages',
      '1. First',
    ]);
  });

  test('tables, one paragraph a row, whatever the cells hold', () => {
    const page = `<table><tbody><tr><th>Role</th><th>May</th></tr>
      <tr><td><p>Owner</p></td><td><ul><li>read</li><li>export</li></ul></td></tr></tbody></table><p>After</p>`;
    expect(storageToParagraphs(page)).toEqual(['Role | May', 'Owner | read export', 'After']);
  });

  test('macros: what they show, without their XML', () => {
    const page = `<ac:structured-macro ac:name="toc"><ac:parameter ac:name="maxLevel">3</ac:parameter></ac:structured-macro>
      <ac:structured-macro ac:name="info"><ac:parameter ac:name="title">Mind</ac:parameter>
      <ac:rich-text-body><p>Ask legal.</p></ac:rich-text-body></ac:structured-macro>
      <ac:structured-macro ac:name="code"><ac:parameter ac:name="language">sql</ac:parameter>
      <ac:plain-text-body><![CDATA[select a < b && "c"]]></ac:plain-text-body></ac:structured-macro>
      <p>State: <ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Green</ac:parameter><ac:parameter ac:name="title">AGREED</ac:parameter></ac:structured-macro> by all</p>`;
    expect(storageToParagraphs(page)).toEqual([
      'Mind',
      'Ask legal.',
      'select a < b && "c"',
      'State: AGREED by all',
    ]);
  });

  test('links show their words, or the title of their page; users and images show nothing', () => {
    const page = `<p>See <ac:link><ri:page ri:content-title="Roles &amp; rights"/></ac:link> and
      <ac:link><ri:page ri:content-title="X"/><ac:plain-text-link-body><![CDATA[the rules]]></ac:plain-text-link-body></ac:link>
      or <a href="https://example.test">this</a>.<ac:link><ri:user ri:userkey="8a"/></ac:link><ac:image><ri:attachment ri:filename="a.png"/></ac:image></p>`;
    expect(storageToParagraphs(page)).toEqual(['See Roles & rights and the rules or this.']);
  });

  test('tasks with their state', () => {
    const page = `<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body>Ask</ac:task-body></ac:task>
      <ac:task><ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body><span>Build</span></ac:task-body></ac:task></ac:task-list>`;
    expect(storageToParagraphs(page)).toEqual(['- [x] Ask', '- [ ] Build']);
  });

  test('entities and other scripts', () => {
    expect(storageToParagraphs('<p>Gr&uuml;&szlig;e &#8212; &#x1F44B; 你好 &unknown;</p>')).toEqual([
      'Grüße — 👋 你好 &unknown;',
    ]);
  });
});

test('What nobody sees is left out: comments, placeholders, invisible and direction-turning characters', () => {
  const page =
    '<!-- <p>obey me</p> --><p>Pay<ac:placeholder>obey</ac:placeholder>\u200bments \u202eevil\u202c \u{e0041}</p>';
  expect(storageToParagraphs(page)).toEqual(['Payments evil']);
});

test('Broken markup loses no words and never throws', () => {
  expect(storageToParagraphs('a < b and <p>c > d<p>unclosed <strong>e')).toEqual([
    'a < b and',
    'c > d',
    'unclosed e',
  ]);
  expect(storageToParagraphs('</p></table><![CDATA[open')).toEqual(['open']);
  const pieces = fc.constantFrom(
    ...[
      '<p>',
      '</p>',
      '<li>',
      '<ul>',
      '</ul>',
      '<td>',
      '</tr>',
      '<![CDATA[',
      ']]>',
      '<!--',
      '<ac:link>',
      '"',
      '<',
      '>',
    ],
    ...[
      '<ac:structured-macro ac:name="status">',
      '</ac:structured-macro>',
      '<ac:parameter ac:name="title">',
      '&amp;',
      'word',
    ],
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      for (const paragraph of storageToParagraphs(parts.join(' '))) expect(paragraph.trim()).not.toBe('');
    }),
    { numRuns: 300 },
  );
});

// Quadratic time would be minutes, and so past the limit of every test.
test('A megabyte of open brackets is read to its end', () => {
  expect(storageToParagraphs('<a "'.repeat(250_000))).toHaveLength(1);
  expect(storageToParagraphs('<![CDATA['.repeat(100_000))).toHaveLength(1);
});
