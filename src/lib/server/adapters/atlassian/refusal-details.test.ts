import { expect, test } from 'vitest';
import { refusalDetails } from './refusal-details.ts';

test('Jira names fields and general messages', () => {
  const body = JSON.stringify({
    errorMessages: ['The issue type is invalid.'],
    errors: {
      summary: 'You must specify a summary of the issue.',
      customfield_10106: 'Operation value must be a number',
    },
  });
  expect(refusalDetails(body)).toEqual({
    sentence:
      'The issue type is invalid. You must specify a summary of the issue. customfield_10106: Operation value must be a number',
    fields: {
      summary: 'You must specify a summary of the issue.',
      customfield_10106: 'Operation value must be a number',
    },
  });
});

test('Confluence says what it refused and why', () => {
  const body = JSON.stringify({
    statusCode: 400,
    data: { errors: [{ message: { translation: 'A page with this title already exists.' } }] },
    message: 'Could not create content',
    reason: 'Bad Request',
  });
  expect(refusalDetails(body).sentence).toBe(
    'Could not create content A page with this title already exists.',
  );
});

test.each(['', '<html><h1>Bad Request</h1></html>', '[]', 'null', '{"errors":7}', '{"errorMessages":[]}'])(
  'Says nothing about a body that is no error of either: %s',
  (body) => {
    expect(refusalDetails(body)).toEqual({ sentence: '' });
  },
);

test('A message with markup or without end stays short and plain', () => {
  const body = JSON.stringify({ errorMessages: [`<b>No</b> ${'x'.repeat(2_000)}`], errors: {} });
  const { sentence } = refusalDetails(body);
  expect(sentence).toMatch(/^No x+…$/);
  expect(sentence).toHaveLength(500);
});
