import { expect, it } from 'vitest';
import { startChaosChannel } from '../support/chaos-channel.ts';

it('stops although a client is frozen, and without waiting for it', async () => {
  const chaos = await startChaosChannel(1);
  const [person] = chaos.people;
  if (!person) throw new Error('There is one person.');
  const { client } = chaos.openTab(person);
  client.connect();
  await expect.poll(() => client.connection).toBe('live');
  chaos.proxy.freeze();
  await chaos.restart();
  chaos.proxy.thaw();
  await expect.poll(() => client.connection, { timeout: 20_000 }).toBe('live');
  await chaos.close();
});

it('cuts a client that takes nothing any more, and gives it all it missed once it is back', async () => {
  const chaos = await startChaosChannel(1);
  const [person] = chaos.people;
  if (!person) throw new Error('There is one person.');
  const { conversationId } = await chaos.world().conversations.create(person.actor, {
    projectKey: 'DEMO',
    choices: {},
  });
  const { client, socket } = chaos.openTab(person);
  const { summary, events } = await chaos.world().conversations.open(person.actor, conversationId);
  client.open({ summary, events });
  client.connect();
  await expect.poll(() => client.connection).toBe('live');
  await client.send('bulk 1');
  await expect.poll(() => client.conversation?.status).toBe('done');

  chaos.proxy.freeze();
  const left = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));
  // More than the connection's own buffers take, so that the reader fills up and stalls.
  for (let n = 0; n < 4; n++) {
    const commands = chaos.world().commands;
    const messageId = `01KB5V0Q2M3N4P5R6S7T8V9WX${n}`;
    await commands['message:send'](person.actor, {
      conversationId,
      messageId,
      text: 'bulk 2000',
      draftIds: [],
    });
  }
  await expect.poll(() => chaos.connections(), { timeout: 45_000 }).toBe(0);
  chaos.proxy.thaw();
  await left;
  await expect.poll(() => client.conversation?.status, { timeout: 45_000 }).toBe('done');
  const journal = await chaos.world().conversations.open(person.actor, conversationId);
  await expect.poll(() => client.conversation?.lastSeq, { timeout: 45_000 }).toBe(journal.lastSeq);
  await chaos.close();
});
