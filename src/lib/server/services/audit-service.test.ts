import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { createAuditRepository } from '../repositories/audit-repository.ts';
import { verifyAuditChain } from './audit-chain.ts';
import { createAuditService } from './audit-service.ts';

const EVENTS = 12;

function setUp() {
  const temp = openTempDatabase();
  const auditKey = randomBytes(32);
  const repository = createAuditRepository(temp.db);
  const complaints: object[] = [];
  const told: object[] = [];
  const counted: string[] = [];
  const log = {
    info: (detail: object) => void told.push(detail),
    error: (detail: object) => void complaints.push(detail),
  };
  const count = (action: string, outcome: string) => void counted.push(`${action} ${outcome}`);
  const audit = createAuditService({ repository, auditKey, clock: { now: () => 1_000 }, log, count });
  const record = (number: number) =>
    audit.record(
      { userId: 'u1', employeeId: 'ada', requestId: 'r1' },
      { action: 'story.create', outcome: 'ok', detail: { number } },
    );
  const verify = () => verifyAuditChain(repository, auditKey);
  const run = (sql: string) => temp.db.sqlite.prepare(sql).run();
  return { ...temp, audit, repository, record, verify, run, complaints, told, counted };
}

function filled() {
  const log = setUp();
  for (let number = 1; number <= EVENTS; number += 1) log.record(number);
  return log;
}

describe('audit log', () => {
  it('is whole as it was written, and when it is empty', () => {
    using empty = setUp();
    expect(empty.verify()).toMatchObject({ intact: true, events: 0 });
    using log = filled();
    expect(log.verify()).toMatchObject({ intact: true, events: EVENTS });
  });

  it('is whole beyond one page', () => {
    using log = setUp();
    log.db.sqlite.exec('PRAGMA synchronous = OFF');
    for (let number = 1; number <= 1_001; number += 1) log.record(number);
    expect(log.verify()).toMatchObject({ intact: true, events: 1_001 });
  });

  it('shows any change of any column of any event', () => {
    using log = filled();
    const column = fc.constantFrom(
      'at',
      'user_id',
      'employee_id',
      'action',
      'outcome',
      'detail',
      'request_id',
      'hash',
      'redacted_seal',
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: EVENTS }), column, (id, name) => {
        const before = log.db.sqlite
          .prepare(`SELECT ${name} AS value FROM audit_event WHERE id = ${id}`)
          .get() as { value: unknown };
        const set = log.db.sqlite.prepare(`UPDATE audit_event SET ${name} = ? WHERE id = ${id}`);
        set.run(name === 'at' ? 7 : `${String(before.value)}x`);
        expect(log.verify()).toMatchObject({ intact: false, brokenAt: id });
        set.run(before.value);
        expect(log.verify()).toMatchObject({ intact: true });
      }),
    );
  });

  it.each([
    ['from the start', 'DELETE FROM audit_event WHERE id = 1', 2],
    ['from the middle', 'DELETE FROM audit_event WHERE id = 5', 6],
    ['from the end', `DELETE FROM audit_event WHERE id > ${EVENTS - 2}`, EVENTS - 1],
    ['altogether', 'DELETE FROM audit_event', 1],
  ])('shows events that were taken out %s', (_, sql, brokenAt) => {
    using log = filled();
    log.run(sql);
    expect(log.verify()).toMatchObject({ intact: false, brokenAt });
  });

  it('shows a chain that was computed anew without the key', () => {
    using log = filled();
    const forger = createAuditService({
      repository: log.repository,
      auditKey: randomBytes(32),
      clock: { now: () => 1 },
      log: { info: () => {}, error: () => {} },
      count: () => {},
    });
    forger.record({ userId: null, employeeId: null, requestId: 'r' }, { action: 'forged', outcome: 'ok' });
    expect(log.verify()).toMatchObject({ intact: false, brokenAt: EVENTS + 1 });
  });

  it('is one with the log and the metrics: each event is told in all three', () => {
    using log = setUp();
    log.record(1);
    expect(log.verify()).toMatchObject({ intact: true, events: 1 });
    expect(log.told).toEqual([{ user_id: 'u1', x_request_id: 'r1', action: 'story.create', outcome: 'ok' }]);
    expect(log.counted).toEqual(['story.create ok']);
  });

  it('never fails the work that it records, says so, and makes up for it as soon as it heals', () => {
    using log = setUp();
    log.run('ALTER TABLE audit_event RENAME TO elsewhere');
    expect(() => log.record(1)).not.toThrow();
    expect(log.audit.healthy()).toBe(false);
    expect(log.complaints).toEqual([
      expect.objectContaining({ action: 'story.create', detail: { number: 1 } }),
    ]);
    log.run('ALTER TABLE elsewhere RENAME TO audit_event');
    log.record(2);
    expect(log.audit.healthy()).toBe(true);
    // What could not be written then is written before what came after it.
    expect(log.verify()).toMatchObject({ intact: true, events: 2 });
  });

  it('gives an event up that fails again and again while others are written, and says in its place that it is missing', () => {
    using log = setUp();
    log.db.sqlite.exec(`CREATE TRIGGER odd BEFORE INSERT ON audit_event WHEN NEW.detail = '{"number":1}'
      BEGIN SELECT RAISE(ABORT, 'never this one'); END`);
    for (let number = 1; number <= 4; number += 1) log.record(number);
    expect(log.audit.healthy()).toBe(true);
    expect(log.verify()).toMatchObject({ intact: true, events: 4 });
    const written = log.repository.after(0, 10).map(({ action, detail }) => [action, JSON.parse(detail)]);
    expect(written).toEqual([
      ...[2, 3, 4].map((number) => ['story.create', { number }]),
      ['audit.event_lost', { action: 'story.create', at: '1970-01-01T00:00:01.000Z' }],
    ]);
    expect(log.complaints).toHaveLength(2);
  });

  it('keeps what waits for the disk however many others are told meanwhile', () => {
    using log = setUp();
    log.run('ALTER TABLE audit_event RENAME TO elsewhere');
    for (let number = 1; number <= 20; number += 1) log.record(number);
    log.run('ALTER TABLE elsewhere RENAME TO audit_event');
    log.audit.catchUp();
    expect(log.audit.healthy()).toBe(true);
    expect(log.repository.after(0, 30).map(({ detail }) => JSON.parse(detail))).toEqual(
      Array.from({ length: 20 }, (_, index) => ({ number: index + 1 })),
    );
  });
});
