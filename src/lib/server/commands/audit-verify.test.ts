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
    expect(verifyAudit(temp.env)).toEqual({ exitCode: 0, line: 'The audit log is whole: 3 events.' });
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
