import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alice, ines, omar } from '../../../src/lib/sandbox/people.ts';
import { verifyAudit } from '../../../src/lib/server/commands/audit-verify.ts';
import { csvField } from '../../../src/lib/server/services/administration/audit-export.ts';
import { password, startApp, type RunningApp, type SignedIn } from '../../support/running-app.ts';

const everything = { person: null, action: null, outcome: null, from: null, until: null };
const everybody = { search: '', status: 'all', page: 1 } as const;

let running: RunningApp;
let admin: SignedIn;
let person: SignedIn;

beforeAll(async () => {
  running = await startApp();
  admin = await running.join(ines);
  person = await running.join(alice);
  await running.join(omar);
});
afterAll(() => running.close());

const administration = () => running.app.services.administration;
const audited = async (action: string) =>
  (await administration().audit.page(admin.actor, { ...everything, action }, null)).events;

describe('administration', () => {
  it('is not there for anybody but administrators', async () => {
    const { users, audit, installation, bypass } = administration();
    const asked = [
      () => users.list(person.actor, everybody),
      () => users.disable(person.actor, admin.actor.userId),
      () => users.enable(person.actor, admin.actor.userId),
      () => users.endSessions(person.actor, admin.actor.userId),
      () => users.erase(person.actor, admin.actor.userId, { currentPassword: password }),
      () => audit.page(person.actor, everything, null),
      () => audit.exportAs(person.actor, everything, 'csv'),
      () => installation.status(person.actor),
      () => bypass.list(person.actor),
      () => bypass.save(person.actor, {}),
    ];
    for (const ask of asked) await expect(ask()).rejects.toMatchObject({ code: 'not_found' });
    const { people } = await users.list(admin.actor, everybody);
    expect(people.find(({ id }) => id === admin.actor.userId)?.disabledAt).toBeNull();
  });

  it('finds people by any part of id, name or e-mail, where wildcards are letters', async () => {
    const found = async (search: string) => {
      const { people } = await administration().users.list(admin.actor, { ...everybody, search });
      return people.map(({ name }) => name);
    };
    expect(await found('')).toEqual(['Alice Martin', 'Ines Keller', 'Omar Haddad']);
    expect(await found('MARTIN')).toEqual(['Alice Martin']);
    expect(await found('omar.haddad@')).toEqual(['Omar Haddad']);
    expect(await found('e10')).toHaveLength(3);
    expect(await found('%')).toEqual([]);
  });

  it('shows no more of a person than who they are', async () => {
    const { people } = await administration().users.list(admin.actor, { ...everybody, search: 'alice' });
    expect(Object.keys(people[0] ?? {}).sort()).toEqual([
      'createdAt',
      'disabledAt',
      'email',
      'employeeId',
      'id',
      'lastSeenAt',
      'liveSessions',
      'name',
      'role',
    ]);
  });

  it('shuts a disabled person out at once, sockets too, until they are let in again', async () => {
    const { users } = administration();
    const who = await running.signIn(omar);
    const tab = await running.tab(who);
    const closed = new Promise<void>((resolve) => tab.socket.once('disconnect', () => resolve()));

    await users.disable(admin.actor, who.actor.userId);
    await closed;
    const cookie = who.cookie.slice(who.cookie.indexOf('=') + 1);
    expect(await running.app.services.session.authenticate(cookie)).toBeNull();
    await expect(running.signIn(omar)).rejects.toMatchObject({ name: expect.stringMatching(/Error$/) });
    expect((await users.list(admin.actor, { ...everybody, status: 'disabled' })).total).toBe(1);

    await users.enable(admin.actor, who.actor.userId);
    await expect(running.signIn(omar)).resolves.toBeDefined();
    expect(await audited('user.disable')).toMatchObject([
      { employeeId: ines.employeeId, outcome: 'ok', detail: { person: omar.employeeId } },
    ]);
    expect(await audited('user.enable')).toHaveLength(1);
  });

  it('ends the sessions of a person, who may sign in again', async () => {
    const who = await running.signIn(omar);
    const { ended } = await administration().users.endSessions(admin.actor, who.actor.userId);
    expect(ended).toBeGreaterThanOrEqual(1);
    await expect(running.tab(who)).rejects.toThrow();
    await expect(running.signIn(omar)).resolves.toBeDefined();
  });

  it('lets no administrator disable themselves', async () => {
    await expect(administration().users.disable(admin.actor, admin.actor.userId)).rejects.toMatchObject({
      code: 'own_account',
    });
  });

  it('says which configuration is in force, what is called and how this process is', async () => {
    const status = await administration().installation.status(admin.actor);
    expect(status.files.map(({ name }) => name)).toEqual([
      'config.json',
      'header.json',
      'payload.json',
      'prompts.json',
    ]);
    expect(
      status.files.every(({ hash, problems }) => /^[0-9a-f]{64}$/.test(hash) && problems.length === 0),
    ).toBe(true);
    expect(status.engine?.name).toMatch(/^(ws|uws)$/);
    expect(status.breakers.every(({ state }) => state === 'closed')).toBe(true);
    expect(status.checks['database']?.ok).toBe(true);
  });
});

describe('the audit log for administrators', () => {
  it('is narrowed by person, action, outcome and time', async () => {
    const { audit } = administration();
    const page = (part: Partial<typeof everything> | object) =>
      audit.page(admin.actor, { ...everything, ...part }, null);
    const byPerson = await page({ person: alice.employeeId.toLowerCase() });
    expect(new Set(byPerson.events.map(({ employeeId }) => employeeId))).toEqual(new Set([alice.employeeId]));
    expect((await page({ action: 'session.sign_in', outcome: 'failed' })).events).toEqual([]);
    expect((await page({ until: 1 })).events).toEqual([]);
    expect((await page({ from: 1 })).actions).toContain('session.sign_in');
  });

  it('pages from the newest to the oldest without gap or double', async () => {
    for (let number = 0; number < 120; number += 1)
      running.app.services.audit.record(person.actor, {
        action: 'test.page',
        outcome: 'ok',
        detail: { number },
      });
    const numbers: unknown[] = [];
    let before: number | null = null;
    do {
      const { events, olderThan } = await administration().audit.page(
        admin.actor,
        { ...everything, action: 'test.page' },
        before,
      );
      numbers.push(...events.map(({ detail }) => detail['number']));
      before = olderThan;
    } while (before !== null);
    expect(numbers).toEqual(Array.from({ length: 120 }, (_, index) => 119 - index));
  });

  it('is exported whole, as JSON lines and as CSV, and the export is recorded', async () => {
    for (let number = 0; number < 1_200; number += 1)
      running.app.services.audit.record(person.actor, {
        action: 'test.export',
        outcome: 'ok',
        detail: { number, text: 'a "quoted", text' },
      });
    const wanted = { ...everything, action: 'test.export' };
    const jsonLines = (await exported(wanted, 'jsonl')).trimEnd().split('\n');
    expect(
      jsonLines.map((line) => (JSON.parse(line) as { detail: { number: number } }).detail.number),
    ).toEqual(Array.from({ length: 1_200 }, (_, index) => index));
    const csv = await exported(wanted, 'csv');
    expect(csv.startsWith('id,at,userId,employeeId,action,outcome,detail,requestId,hash\r\n')).toBe(true);
    expect(csv.trimEnd().split('\r\n')).toHaveLength(1_201);
    expect(csv).toContain('"{""number"":0,""text"":""a \\""quoted\\"", text""}"');
    expect(await audited('audit.export')).toHaveLength(2);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =cmd|x', '＝1'])(
    'takes the formula out of %j',
    (text) => {
      expect(csvField(text)).toBe(`"'${text}"`);
    },
  );

  it('leaves plain fields as they are, with quotes doubled', () => {
    expect(csvField('E10421')).toBe('"E10421"');
    expect(csvField('say "no"')).toBe('"say ""no"""');
  });
});

describe('deleting somebody else for good', () => {
  const right = { currentPassword: password };
  const found = async (employeeId: string) =>
    (await administration().users.list(admin.actor, { ...everybody, search: employeeId })).people[0];

  it('is for people who are disabled, not oneself, and for the administrator’s own password', async () => {
    const { users } = administration();
    const { userId } = (await running.signIn(omar)).actor;
    const erase = (id: string, input = right) => users.erase(admin.actor, id, input);
    await expect(erase(admin.actor.userId)).rejects.toMatchObject({ code: 'own_account' });
    await expect(erase(userId)).rejects.toMatchObject({ code: 'person_not_disabled' });
    await expect(erase('01JD8Q4M3V6Z3J0Q9N1W2X4Y5Z')).rejects.toMatchObject({ code: 'person_missing' });
    await users.disable(admin.actor, userId);
    await expect(erase(userId, { currentPassword: 'Wrong-horse-9' })).rejects.toMatchObject({
      code: 'current_password_wrong',
      fields: { erasePassword: expect.any(String) as string },
    });
    expect((await found(omar.employeeId))?.id).toBe(userId);
    expect(await audited('person.erase')).toMatchObject([
      { employeeId: ines.employeeId, outcome: 'refused', detail: { person: omar.employeeId } },
    ]);
  });

  it('removes what was theirs and leaves the audit log whole, under a pseudonym', async () => {
    const { id = '' } = (await found(omar.employeeId)) ?? {};
    await administration().users.erase(admin.actor, id, right);

    expect(await found(omar.employeeId)).toBeUndefined();
    const [erased] = await audited('person.erase');
    expect(erased).toMatchObject({
      employeeId: ines.employeeId,
      outcome: 'ok',
      detail: { person: expect.stringMatching(/^deleted-\w{8}$/) as string, conversations: 0 },
    });
    expect(JSON.stringify(await audited('user.disable'))).not.toContain(omar.employeeId);
    expect(verifyAudit(running.folder.env)).toMatchObject({ exitCode: 0 });
    await expect(running.signIn(omar)).rejects.toMatchObject({ code: 'sign_in_refused' });
    expect((await running.join(omar)).actor.userId).not.toBe(id);
  });
});

async function exported(filter: typeof everything | object, format: 'csv' | 'jsonl'): Promise<string> {
  const { chunks } = await administration().audit.exportAs(admin.actor, { ...everything, ...filter }, format);
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}
