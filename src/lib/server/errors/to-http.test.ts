import { describe, expect, it } from 'vitest';
import {
  AppError,
  BusyError,
  ConflictError,
  ForbiddenError,
  InvalidError,
  NotFoundError,
  UnauthenticatedError,
  UpstreamError,
} from './app-error.ts';
import { toError, toFail } from './to-http.ts';

const upstream = (kind: UpstreamError['kind']) =>
  new UpstreamError('jira_failed', 'No.', { upstream: 'jira', kind, status: 401 });

describe('toError', () => {
  it.each([
    [new InvalidError('code', 'No.'), 400],
    [new UnauthenticatedError('code', 'No.'), 401],
    [new ForbiddenError('code', 'No.'), 403],
    [new NotFoundError('code', 'No.'), 404],
    [new ConflictError('code', 'No.'), 409],
    [new BusyError('code', 'No.'), 429],
    [upstream('credential'), 502],
    [upstream('refused'), 502],
    [upstream('unreadable'), 502],
    [upstream('rate_limited'), 503],
    [upstream('unknown'), 504],
    [new AppError('code', 'No.'), 500],
  ])('answers %o with %i', (error, status) => {
    expect(toError(error, 'request-1').status).toBe(status);
  });

  it('throws on what it does not know, so that it is logged and not told', () => {
    const bug = new TypeError('secret inside');
    expect(() => toError(bug, 'request-1')).toThrow(bug);
    expect(() => toFail(bug, 'request-1')).toThrow(bug);
  });
});

describe('toFail', () => {
  it('hands the form the problem with its fields and the request id, and never the cause', () => {
    const error = new InvalidError('token_refused', 'No.', {
      fields: { jiraToken: 'Wrong.' },
      cause: new Error('secret'),
    });
    expect(toFail(error, 'request-1')).toEqual({
      status: 400,
      data: {
        problem: {
          code: 'token_refused',
          message: 'No.',
          retryable: false,
          fields: { jiraToken: 'Wrong.' },
          requestId: 'request-1',
        },
      },
    });
  });
});
