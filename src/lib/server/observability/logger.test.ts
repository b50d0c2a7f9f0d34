import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../errors/app-error.ts';
import { createRedactor } from '../security/redaction.ts';
import { createLogger } from './logger.ts';

function capture(redactor = createRedactor()) {
  const written: string[] = [];
  const log = createLogger({
    level: 'info',
    redactor,
    destination: { write: (line) => void written.push(line) },
  });
  return { log, written, last: () => JSON.parse(written.at(-1) ?? 'null') as Record<string, unknown> };
}

describe('The log', () => {
  it('writes every key on every line, null where it says nothing', () => {
    const { log, last, written } = capture();
    log.info('Started');
    expect(Object.keys(last())).toEqual([
      'timestamp', 'level', 'message', 'x_request_id', 'trace_id', 'span_id', 'user_id', 'route', 'tool', 'duration_ms', 'outcome',
    ]); // prettier-ignore
    expect(last()).toMatchObject({ level: 'info', message: 'Started', x_request_id: null, tool: null });
    expect(new Date(String(last().timestamp)).toISOString()).toBe(last().timestamp);
    expect(written[0]?.endsWith('}\n')).toBe(true);
  });

  it('carries the request on the lines of its child, each key once', () => {
    const { log, last, written } = capture();
    const child = log.child({ x_request_id: '01JD8Q4M3V', user_id: 'u1', route: '/configurations' });
    child.info({ tool: 'create_issue', duration_ms: 12, outcome: 'ok', user_id: 'u2' }, 'Called');
    expect(last()).toMatchObject({
      x_request_id: '01JD8Q4M3V',
      user_id: 'u2',
      route: '/configurations',
      tool: 'create_issue',
      duration_ms: 12,
    });
    expect(written[0]?.match(/"user_id"/g)).toHaveLength(1);
  });

  it('tells of an error its code, kind, stack and causes, and nothing else that hangs on it', () => {
    const { log, last } = capture();
    const cause = Object.assign(new Error('socket hang up'), {
      code: 'ECONNRESET',
      request: { headers: { 'x-private': 'do not show' } },
    });
    log.error(
      {
        err: new UpstreamError('llm_unreachable', 'The model did not answer.', {
          upstream: 'llm',
          kind: 'unknown',
          cause,
        }),
      },
      'Failed',
    );
    expect(last().err).toMatchObject({
      type: 'UpstreamError',
      code: 'llm_unreachable',
      kind: 'unknown',
      cause: { code: 'ECONNRESET', message: 'socket hang up', stack: expect.stringContaining('logger.test') },
    });
    expect(JSON.stringify(last())).not.toContain('do not show');
  });

  it('gives what was thrown without being an error the same form', () => {
    const { log, last } = capture();
    log.warn({ err: Symbol('stopping') }, 'Ended');
    expect(last().err).toEqual({ type: 'symbol', message: 'Symbol(stopping)', code: null, stack: null });
  });

  it('shows no secret, wherever on the line it stands', () => {
    const redactor = createRedactor();
    redactor.register('practice-alice-5e1c0f9a3b7d');
    const { log, written } = capture(redactor);
    const cause = new Error('refused practice-alice-5e1c0f9a3b7d');
    log
      .child({ note: 'practice-alice-5e1c0f9a3b7d' })
      .warn(
        { err: new Error('outer', { cause }), password: 'Corr3ct', headers: { cookie: 'a=b' } },
        'Bearer practice-alice-5e1c0f9a3b7d was refused',
      );
    expect(written[0]).not.toMatch(/5e1c0f9a3b7d|Corr3ct|a=b/);
  });
});
