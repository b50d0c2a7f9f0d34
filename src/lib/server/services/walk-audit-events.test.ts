import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { openTempDatabase } from '../../../../tests/support/temp-database.ts';
import { createAuditRepository } from '../repositories/audit-repository.ts';
import { createPersonDataRepository } from '../repositories/person-data-repository.ts';
import { auditSeals, verifyAuditChain } from './audit-chain.ts';
import { createAuditService } from './audit-service.ts';
import { walkAuditEvents } from './walk-audit-events.ts';

const ada = { userId: 'u-ada', employeeId: 'Ada', pseudonym: 'deleted-u-ada' };
const events = 620;

/** Every third event is Ada's, and every fourth of somebody else tells of her. */
function setUp() {
  const temp = openTempDatabase();
  temp.db.sqlite.exec('PRAGMA synchronous = OFF');
  const auditKey = randomBytes(32);
  const repository = createAuditRepository(temp.db);
  const audit = createAuditService({
    repository,
    auditKey,
    clock: { now: () => 1_000 },
    log: { info: () => undefined, error: () => undefined },
    count: () => undefined,
  });
  temp.db.sqlite.transaction(() => {
    for (let number = 0; number < events; number += 1) {
      const isHers = number % 3 === 0;
      audit.record(
        { userId: isHers ? ada.userId : 'u-bob', employeeId: isHers ? 'ADA' : 'bob', requestId: 'r' },
        {
          action: 'user.disable',
          outcome: 'ok',
          detail: { address: '10.0.0.1', person: number % 4 === 0 ? 'ada' : 'eve', number },
        },
      );
    }
  })();
  const data = createPersonDataRepository(temp.db);
  const seals = auditSeals(auditKey);
  return {
    ...temp,
    repository,
    audit,
    data,
    seals,
    walk: (write: boolean) => walkAuditEvents(data, seals, ada, { write }),
    verify: () => verifyAuditChain(repository, auditKey),
  };
}

const hers = Array.from({ length: events }, (_, number) => number).filter(
  (number) => number % 3 === 0 || number % 4 === 0,
).length;

it('takes a name out of the whole log and leaves a chain that is whole and goes on', async () => {
  using log = setUp();
  const linksBefore = log.repository.after(0, events).map(({ hash }) => hash);
  expect(await log.walk(false)).toEqual({ upTo: events, theirs: hers });
  expect(log.repository.after(0, 1)[0]?.employeeId).toBe('ADA');

  expect(await log.walk(true)).toEqual({ upTo: events, theirs: hers });
  log.audit.record({ userId: null, employeeId: null, requestId: 'r' }, { action: 'later', outcome: 'ok' });

  const after = log.repository.after(0, events);
  expect(log.verify()).toMatchObject({ intact: true, events: events + 1 });
  expect(after.map(({ hash }) => hash)).toEqual(linksBefore);
  expect(JSON.stringify(after)).not.toMatch(/"ada"|\\"ada\\"/i);
  expect(after[0]).toMatchObject({
    employeeId: ada.pseudonym,
    detail: '{"person":"deleted-u-ada","number":0}',
  });
  expect(after[1]).toMatchObject({
    employeeId: 'bob',
    detail: '{"address":"10.0.0.1","person":"eve","number":1}',
    redactedSeal: null,
  });
  expect(await log.walk(true)).toEqual({ upTo: events + 1, theirs: 0 });
});

it('lets others have their turn between two stretches', async () => {
  using log = setUp();
  let turns = 0;
  let isOver = false;
  const takeTurn = () => {
    turns += 1;
    if (!isOver) setImmediate(takeTurn);
  };
  setImmediate(takeTurn);
  await log.walk(true);
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(1);
});

it('that is cut off leaves a whole chain, and the next one ends it', async () => {
  using log = setUp();
  let stretches = 0;
  const cut = walkAuditEvents(
    {
      pseudonymise(...asked) {
        if (stretches++ === 1) throw new Error('the process ends here');
        return log.data.pseudonymise(...asked);
      },
    },
    log.seals,
    ada,
    { write: true },
  );
  await expect(cut).rejects.toThrow('the process ends here');
  expect(log.verify()).toMatchObject({ intact: true });
  const left = await log.walk(true);
  expect(left?.theirs).toBeGreaterThan(0);
  expect(left?.theirs).toBeLessThan(hers);
  expect(log.verify()).toMatchObject({ intact: true });
});

it.each([
  ['what it tells', "UPDATE audit_event SET outcome = 'refused' WHERE id = 580"],
  ['its link', "UPDATE audit_event SET hash = 'ff' WHERE id = 580"],
  ['the link before it', "UPDATE audit_event SET hash = 'ff' WHERE id = 579"],
])('seals nothing anew where somebody changed an event of the person: %s', async (_what, sql) => {
  using log = setUp();
  log.db.sqlite.prepare(sql).run();
  expect(await log.walk(false)).toBeNull();
  expect(await log.walk(true)).toBeNull();
  expect(log.verify()).toMatchObject({ intact: false });
});

it('a seal is no more to be forged than a link: what is put in its place shows', async () => {
  using log = setUp();
  await log.walk(true);
  const change = log.db.sqlite.prepare('UPDATE audit_event SET detail = ? WHERE id = 1');
  change.run('{"person":"somebody else","number":0}');
  expect(log.verify()).toMatchObject({ intact: false, brokenAt: 1 });
  change.run('{"person":"deleted-u-ada","number":0}');
  expect(log.verify()).toMatchObject({ intact: true });
  log.db.sqlite.prepare('UPDATE audit_event SET redacted_seal = NULL WHERE id = 1').run();
  expect(log.verify()).toMatchObject({ intact: false, brokenAt: 1 });
});
