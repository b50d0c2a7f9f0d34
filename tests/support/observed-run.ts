import { expect } from 'vitest';
import { parseLog } from './log-line.ts';
import type { ReceivedSpan, startOtlpReceiver } from './otlp-receiver.ts';

const waysThrough = ['Request', 'Socket event', 'Call out', 'Tool call', 'A job was done'];

/** The log of a product that did the whole job, with failures: every line has its form, and everything its line. */
export function expectLogOfFullRun(log: string): void {
  const lines = parseLog(log);
  const told = (message: string, key: string) =>
    new Set(lines.filter((line) => line.message === message).map((line) => line[key]));

  expect([...told('Request', 'route')]).toEqual(
    expect.arrayContaining(['/(app)/configurations', '/(account)/sign-in', null]),
  );
  expect([...told('Socket event', 'route')]).toEqual(
    expect.arrayContaining(['socket message:send', 'socket review:approve', 'socket unknown']),
  );
  expect([...told('Call out', 'upstream')].sort()).toEqual(['confluence', 'jira', 'llm']);
  expect(told('Tool call', 'tool')).toContain('create_issue');
  expect([...told('Event', 'action')]).toEqual(
    expect.arrayContaining(['session.sign_in', 'connection.test', 'issue.create']),
  );
  for (const line of lines.filter(({ message }) => waysThrough.includes(message)))
    expect(line, line.message).toMatchObject({
      x_request_id: expect.any(String) as string,
      trace_id: expect.any(String) as string,
      span_id: expect.any(String) as string,
      duration_ms: expect.any(Number) as number,
      outcome: expect.any(String) as string,
    });
  // Those of a person who registers have no account yet to be named by.
  expect(told('Call out', 'user_id').size).toBeGreaterThan(2);
  // What an error tells is part of the form that each line has.
  expect(lines.filter(({ err }) => err !== undefined).length).toBeGreaterThan(10);
}

/** The spans of the same product: each way leads from what a person did to the call that left, or begins with a job. */
export function expectTrees(collector: Awaited<ReturnType<typeof startOtlpReceiver>>): void {
  const spans = new Map(collector.spans().map((span) => [span.spanId, span]));
  const wayTo = (span: ReceivedSpan): string => {
    const parent = spans.get(span.parentSpanId);
    return parent ? `${wayTo(parent)} > ${span.name}` : span.name;
  };
  const ways = new Set([...spans.values()].map(wayTo));
  const expected = [
    /^socket review:approve > run > .*tools\/call create_issue > POST jira$/,
    /^socket clarify:answer > run > node draft > chat .+ > POST llm$/,
    /^POST \/\(app\)\/configurations > .*GET jira$/,
    /(^|> )job /,
  ];
  for (const way of expected)
    expect(
      [...ways].filter((one) => way.test(one)),
      `${way} among\n${[...ways].join('\n')}`,
    ).not.toEqual([]);
}
