import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBooleanQuery } from './boolean-query.ts';
import { QuerySyntaxError } from './query-tokens.ts';

const is = (field: string, operator: string, text: string) => ({
  kind: 'comparison',
  field,
  operator,
  operand: { kind: 'value', text },
});

describe('a JQL or CQL query', () => {
  it.each([
    ['project = DEMO', is('project', '=', 'DEMO')],
    [`summary ~ "two words"`, is('summary', '~', 'two words')],
    [`summary !~ 'it\\'s'`, is('summary', '!~', "it's")],
    ['cf[10106] >= 3', is('cf[10106]', '>=', '3')],
    ['"Epic Link" != DEMO-1', is('Epic Link', '!=', 'DEMO-1')],
    ['created > -7d', is('created', '>', '-7d')],
    [
      'labels is not EMPTY',
      { kind: 'comparison', field: 'labels', operator: 'is not', operand: { kind: 'empty' } },
    ],
    [
      'key not in (DEMO-1, "DEMO-2")',
      {
        kind: 'comparison',
        field: 'key',
        operator: 'not in',
        operand: {
          kind: 'list',
          members: [
            { kind: 'value', text: 'DEMO-1' },
            { kind: 'value', text: 'DEMO-2' },
          ],
        },
      },
    ],
    [
      'reporter = currentUser()',
      {
        kind: 'comparison',
        field: 'reporter',
        operator: '=',
        operand: { kind: 'call', name: 'currentUser', args: [] },
      },
    ],
    [
      'a = 1 AND b = 2 OR NOT (c = 3)',
      {
        kind: 'or',
        parts: [
          { kind: 'and', parts: [is('a', '=', '1'), is('b', '=', '2')] },
          { kind: 'not', part: is('c', '=', '3') },
        ],
      },
    ],
    [
      'a = 1 && !b = 2',
      { kind: 'and', parts: [is('a', '=', '1'), { kind: 'not', part: is('b', '=', '2') }] },
    ],
  ])('reads %s', (source, where) => {
    expect(parseBooleanQuery(source)).toEqual({ where, orderBy: [] });
  });

  it('reads an ORDER BY with and without conditions', () => {
    const orderBy = [
      { field: 'created', descending: true },
      { field: 'key', descending: false },
    ];
    expect(parseBooleanQuery('order by created desc, key').orderBy).toEqual(orderBy);
    expect(parseBooleanQuery('a = 1 ORDER BY created DESC, key ASC').orderBy).toEqual(orderBy);
    expect(parseBooleanQuery('')).toEqual({ where: null, orderBy: [] });
  });

  it.each([
    ['project =', 10],
    ['= DEMO', 1],
    ['project = DEMO extra', 16],
    ['(a = 1', 7],
    ['a in (1, ', 10],
    ['a in 1', 7],
    ['summary ~ "open', 11],
    ['a is 3', 6],
    ['order created', 7],
  ])('says where %s goes wrong', (source, column) => {
    expect(() => parseBooleanQuery(source)).toThrow(
      expect.objectContaining({ name: 'QuerySyntaxError', column }),
    );
  });

  it('never fails with anything but its own error', () => {
    const fragment = fc.constantFrom(
      ...[
        'project',
        '=',
        '!=',
        '~',
        '(',
        ')',
        ',',
        'AND',
        'or',
        'not',
        'in',
        'is',
        'EMPTY',
        'ORDER',
        'BY',
        '"',
        "'",
        '\\',
        '!',
        ' ',
      ],
    );
    const query = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc
        .array(fc.oneof(fragment, fc.string({ maxLength: 6 })), { maxLength: 30 })
        .map((parts) => parts.join(' ')),
      fc.nat({ max: 5_000 }).map((depth) => '('.repeat(depth)),
      fc.nat({ max: 5_000 }).map((depth) => 'not '.repeat(depth)),
    );
    fc.assert(
      fc.property(query, (source) => {
        try {
          parseBooleanQuery(source);
        } catch (error) {
          expect(error).toBeInstanceOf(QuerySyntaxError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
