import { describe, expect, it } from 'vitest';
import { ada, GOOD_PASSWORD } from '../../../../tests/support/accounts.ts';
import { connectionForm, setUpConfiguration } from '../../../../tests/support/configuration.ts';

describe('features', () => {
  it('name the tests that are missing, and open with the last of them', async () => {
    using app = await setUpConfiguration();
    expect(await app.configuration.features(app.actor)).toEqual([
      { feature: 'issueCreator', open: false, missing: ['llm'] },
      { feature: 'pageSources', open: false, missing: ['confluence'] },
    ]);
    await app.configuration.save(app.actor, 'llm', connectionForm({ secret: 'sid=1' }));
    await app.configuration.test(app.actor, 'llm');
    expect(await app.openFeatures()).toEqual(['issueCreator']);
  });

  it('close when something is saved, though within the same millisecond', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(app.actor, 'llm', connectionForm({ secret: 'sid=1' }));
    await app.configuration.test(app.actor, 'llm');
    await app.configuration.save(app.actor, 'llm', connectionForm({ secret: 'sid=2' }));
    expect(await app.openFeatures()).toEqual([]);
    await app.configuration.test(app.actor, 'llm');
    expect(await app.openFeatures()).toEqual(['issueCreator']);
  });

  it('close when the configured address changes', async () => {
    using app = await setUpConfiguration();
    await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'token' }));
    await app.configuration.test(app.actor, 'confluence');
    expect(await app.openFeatures()).toEqual(['pageSources']);
    app.settings.confluenceUrl = 'https://new-wiki.example.com';
    expect(await app.openFeatures()).toEqual([]);
  });

  it("of one person do not open by another's tests", async () => {
    using app = await setUpConfiguration();
    app.jira.set('eve-token', { ...ada, employeeId: 'eve', name: 'Eve', email: 'eve@example.com' });
    await app.register('eve-token', GOOD_PASSWORD);
    const { actor: eve } = await app.signIn('eve', GOOD_PASSWORD);
    await app.configuration.save(app.actor, 'confluence', connectionForm({ secret: 'token' }));
    await app.configuration.test(app.actor, 'confluence');
    expect((await app.configuration.features(eve)).filter(({ open }) => open)).toEqual([]);
    await expect(app.configuration.reveal(eve, 'confluence', GOOD_PASSWORD)).rejects.toMatchObject({
      code: 'secret_missing',
    });
  });
});
