import fc from 'fast-check';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { describe, expect, test } from 'vitest';
import { markdownToWiki } from './markdown-to-wiki.ts';
import { plainText } from './markdown/wiki-inline.ts';

describe('blocks', () => {
  test.each([
    ['headings', '# Export\n\nText\n\n### Details', 'h1. Export\n\nText\n\nh3. Details'],
    ['a soft and a hard line break', 'one\ntwo  \nthree\\\nfour', 'one two\nthree\nfour'],
    ['nested, mixed lists', '- a\n  1. b\n  2. c\n     - d\n- e', '* a\n*# b\n*# c\n*#* d\n* e'],
    [
      'an item of several blocks',
      '1. a\n\n   more\n\n   ```json\n   {}\n\n   []\n   ```\n2. b',
      '# a\nmore\n{code:json}\n{}\n\n[]\n{code}\n# b',
    ],
    ['tasks', '- [x] done\n- [ ] open', '* ☑ done\n* ☐ open'],
    ['an empty item', '- \n- b', '* \n* b'],
    [
      'a table',
      '| Role | May |\n|---|:-:|\n| a\\|b | **c** |\n|  | d<br>e |',
      '|| Role || May ||\n| a\\|b | *c* |\n|   | d \\\\ e |',
    ],
    ['a quote, nested quotes flat', '> one\n>\n> > two\n\nafter', '{quote}\none\n\ntwo\n{quote}\n\nafter'],
    ['code with a language', '```ts\nconst a = b * c;\n```', '{code:javascript}\nconst a = b * c;\n{code}'],
    [
      'code without one, or with one that Jira does not know',
      '```brainfuck\n*+*\n```',
      '{noformat}\n*+*\n{noformat}',
    ],
    ['code that holds the macro itself', '```java\n{code}\n```', '{noformat}\n{code}\n{noformat}'],
    ['code that holds the other macro', '```\n{noformat}\n```', '{noformat}\n{\u200bnoformat}\n{noformat}'],
    ['a rule', 'a\n\n---\n\nb', 'a\n\n----\n\nb'],
    ['a footnote', 'a[^1]\n\n[^1]: why', 'a\\[1]\n\n\\[1] why'],
  ])('%s', (_name, markdown, wiki) => {
    expect(markdownToWiki(markdown)).toBe(wiki);
  });
});

describe('inline marks', () => {
  test.each([
    ['bold, italic, struck', '**a** *b* _c_ ~~d~~ ***e***', '*a* _b_ _c_ -d- _*e*_'],
    ['within a word', 'un**believ**able and 中文**加粗**中文', 'un{*}believ{*}able and 中文{*}加粗{*}中文'],
    ['beside punctuation', '(**a**), "*b*".', '(*a*), "_b_".'],
    ['over a line break', '**a  \nb**', '*a*\n*b*'],
    [
      'code, whatever it holds',
      '`a_b*` `{{x}}` `--v` `a\\b`',
      '{{a\\_b\\*}} {{\\{\\{x\\}\\}}} {{\\-\\-v}} {{a\\\u200bb}}',
    ],
    ['a link', '[the **rules**](https://x.test/a_b?c=1|2)', '[the *rules*|https://x.test/a_b?c=1%7C2]'],
    ['a link whose words hold its marks', '[a|b \\] c](https://x.test)', '[a\\|b \\] c|https://x.test]'],
    [
      'bare links',
      'see https://x.test/a_b, www.y.test and a@b.test',
      'see [https://x.test/a_b], [http://www.y.test] and [a@b.test|mailto:a@b.test]',
    ],
    ['a reference', '[a][1]\n\n[1]: https://x.test', '[a|https://x.test]'],
    ['an image', '![diagram](https://x.test/a.png)', '[diagram|https://x.test/a.png]'],
    ['a link to a script or to nowhere', '[a](javascript:alert(1)) [b](../c)', 'a b'],
    ['a comment and other HTML', 'a <!-- no --> <u>b</u>', 'a  <u>b</u>'],
  ])('%s', (_name, markdown, wiki) => {
    expect(markdownToWiki(markdown)).toBe(wiki);
  });
});

describe('text that would act is escaped, other text is left alone', () => {
  test.each([
    [
      'intraword marks',
      'snake_case_name, 3\\*4\\*5, e-mail, x^2, a~b, C++, ok',
      'snake_case_name, 3*4*5, e-mail, x^2, a~b, C++, ok',
    ],
    ['marks with space around', 'a * b - c _ d', 'a * b - c _ d'],
    [
      'phrase marks',
      '\\*a\\* \\_b\\_ +c+ ^d^ \\~e -f- !g!',
      '\\*a\\* \\_b\\_ \\+c+ \\^d^ \\~e \\-f\\- \\!g!',
    ],
    ['options', 'run --verbose -x', 'run \\-\\-verbose \\-x'],
    [
      'macros and links',
      '{code} {{x}} [~admin] {color:red}',
      '\\{code} \\{\\{x\\}} \\[\\~admin] \\{color:red}',
    ],
    ['a brace that does nothing', 'a { b } c', 'a { b } c'],
    [
      'line starts',
      '\\# no list\n\n\\- no list\n\n\\* no list\n\n\\| no table',
      '\\# no list\n\n\\- no list\n\n\\* no list\n\n\\| no table',
    ],
    [
      'headings and quotes of the wiki',
      'h1. no heading\n\nbq. no quote',
      '\u200bh1. no heading\n\n\u200bbq. no quote',
    ],
    ['emoticons', '(i) first (x) second :) (ii)', '\\(i) first \\(x) second \\:) (ii)'],
    ['backslashes', 'C:\\temp, \\\\\\\\server, a\\\\*b', 'C:\\temp, \\\u200b\\server, a\\\u200b\\*b'],
    ['a number sign, a bar, an exclamation', 'issue #4, a|b, Hello! World!', 'issue #4, a|b, Hello! World!'],
    ['other scripts and emoji', 'Grüße 👋🏽 你好，世界 مرحبا', 'Grüße 👋🏽 你好，世界 مرحبا'],
  ])('%s', (_name, markdown, wiki) => {
    expect(markdownToWiki(markdown)).toBe(wiki);
  });

  test('a stray mark does not close ours', () => {
    expect(markdownToWiki('**3 \\* 4\\* more**')).toBe('*3 * 4\\* more*');
  });
});

const word = fc.stringMatching(/^[a-zäöü0-9А-Яא-ת一-龥]{1,8}$/u);

test('Text without markup stays as it is', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
      expect(markdownToWiki(words.join(' '))).toBe(words.join(' '));
    }),
    { numRuns: 300 },
  );
});

test('Every visible word of a paragraph survives, in order, whatever stands between', () => {
  const between = fc.stringMatching(/^[ *_~^+\-{}[\]|!?()\\:;.,/"'&%]{1,4}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(between, word), { minLength: 1, maxLength: 10 }), (pieces) => {
      const markdown = `x${pieces.map(([marks, text]) => marks + text).join('')}`;
      const [paragraph] = fromMarkdown(markdown).children;
      const shown = paragraph?.type === 'paragraph' ? plainText(paragraph.children) : '';
      expect(letters(markdownToWiki(markdown))).toBe(letters(shown));
    }),
    { numRuns: 500 },
  );
});

/** Without what stands between: a mark within a word is written in braces. */
function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '');
}
