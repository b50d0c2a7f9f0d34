import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { createAuditRepository } from '../repositories/audit-repository.ts';
import { createKeyringRepository } from '../repositories/keyring-repository.ts';
import { openKeyring } from '../security/keyring.ts';
import { createAuditService } from '../services/audit-service.ts';
import { requireMatchingKeyring } from '../services/keyring-check.ts';
import { verifyAudit } from './audit-verify.ts';

function setUp() {
  const temp = openTempDatabase();
  const env = { DATA_DIR: temp.folder, KEY_FILE: join(temp.folder, 'keys', 'backlogue.key') };
  const clock = { now: () => 1 };
  const keyring = openKeyring({ file: env.KEY_FILE, env: null, mayCreate: true });
  requireMatchingKeyring({ keyring, repository: createKeyringRepository(temp.db), clock });
  const log = { info: () => {}, error: () => {} };
  const audit = createAuditService({
    repository: createAuditRepository(temp.db),
    auditKey: keyring.auditKey,
    clock,
    log,
    count: () => {},
  });
  const actor = { userId: 'u1', employeeId: 'ada', requestId: 'r1' };
  for (let number = 1; number <= 3; number += 1)
    audit.record(actor, { action: 'test', outcome: 'ok', detail: { number } });
  return { ...temp, env };
}

describe('audit-verify', () => {
  it('says how many events are whole', () => {
    using temp = setUp();
    expect(verifyAudit(temp.env)).toEqual({
      exitCode: 0,
      line: expect.stringMatching(/^The audit log is whole: 3 events\. The newest is 3:[0-9a-f]{64}\.$/),
    });
  });

  it('misses what was cut off the end with its count, once an event of it is remembered elsewhere', () => {
    using temp = setUp();
    const newest = /3:[0-9a-f]{64}/.exec(verifyAudit(temp.env).line)?.[0] ?? '';
    expect(verifyAudit(temp.env, newest)).toMatchObject({ exitCode: 0 });
    expect(
      verifyAudit(
        temp.env,
        newest.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      ),
    ).toMatchObject({
      exitCode: 1,
      line: expect.stringContaining('event 3 is not the one that is remembered'),
    });
    temp.db.sqlite.exec(
      "DELETE FROM audit_event WHERE id = 3; UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit_event'",
    );
    expect(verifyAudit(temp.env)).toMatchObject({ exitCode: 0 });
    expect(verifyAudit(temp.env, newest)).toEqual({
      exitCode: 1,
      line: 'The audit log is not whole: events after 2 are missing.',
    });
    expect(verifyAudit(temp.env, 'three')).toMatchObject({
      exitCode: 1,
      line: expect.stringContaining('16:8b50'),
    });
  });

  it('names the event that was changed', () => {
    using temp = setUp();
    temp.db.sqlite.prepare("UPDATE audit_event SET outcome = 'refused' WHERE id = 2").run();
    expect(verifyAudit(temp.env)).toEqual({
      exitCode: 1,
      line: 'The audit log is not whole: event 2 was changed.',
    });
  });

  it('does not start from other keys', () => {
    using temp = setUp();
    const other = join(temp.folder, 'other.key');
    openKeyring({ file: other, env: null, mayCreate: true });
    expect(verifyAudit({ ...temp.env, KEY_FILE: other })).toMatchObject({
      exitCode: 1,
      line: expect.stringContaining('other keys'),
    });
    expect(verifyAudit({ ...temp.env, KEY_FILE: `${other}2` })).toMatchObject({
      exitCode: 1,
      line: expect.stringContaining('not there'),
    });
  });

  it('says when there is no database', () => {
    expect(verifyAudit({ DATA_DIR: '/nowhere' })).toMatchObject({
      exitCode: 1,
      line: expect.stringContaining('no database'),
    });
  });
});
