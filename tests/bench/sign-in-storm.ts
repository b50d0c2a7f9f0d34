import { setTimeout as wait } from 'node:timers/promises';
import type { PracticePerson } from '../../src/lib/sandbox/people.ts';
import { createVisitor, type PageAnswer } from '../support/page-visitor.ts';
import { password } from '../support/running-app.ts';

export interface StormFigures {
  seconds: number;
  attempts: number;
  /** Right passwords that were let in. */
  letIn: number;
  /** Wrong ones, of people who are there and of people who are not. */
  refused: number;
  /** Answered without hashing, because too many waited already or an address was slowed. */
  turnedAway: number;
  /** From sending until the answer was here, milliseconds. */
  answerMs: number[];
}

/** Longest pause of somebody who was turned away: a storm that is told to wait does not go away. */
const AGAIN_AFTER_MS = 50;

/**
 * Keeps `atOnce` sign-ins under way until it is stopped: every other one with the right password, the others with wrong
 * ones of people who exist and of people who do not. Each comes from an address of its own, as a botnet's would, so that
 * throttling by address spares the product no hash.
 */
export function raiseStorm(url: string, people: readonly PracticePerson[], atOnce: number) {
  const startedAt = performance.now();
  const figures: StormFigures = {
    seconds: 0,
    attempts: 0,
    letIn: 0,
    refused: 0,
    turnedAway: 0,
    answerMs: [],
  };
  let over = false;
  const attackers = Array.from({ length: atOnce }, (_, n) => attack(n));

  async function attack(n: number): Promise<void> {
    while (!over) {
      figures.attempts += 1;
      const sentAt = performance.now();
      const answer = await signIn(figures.attempts, n % 2 === 0);
      figures.answerMs.push(performance.now() - sentAt);
      if (answer.status === 303) figures.letIn += 1;
      else if (answer.status === 429) figures.turnedAway += 1;
      else if (answer.status === 400 || answer.status === 401 || answer.status === 403) figures.refused += 1;
      else throw new Error(`A sign-in was answered with ${answer.status}: ${answer.body.slice(0, 300)}`);
      if (answer.status === 429) await wait(AGAIN_AFTER_MS);
    }
  }

  function signIn(attempt: number, right: boolean): Promise<PageAnswer> {
    const person = people[attempt % people.length]?.employeeId ?? '';
    const login = right || attempt % 3 > 0 ? person : `nobody-${attempt}`;
    const address = `203.0.${(attempt >> 8) & 255}.${attempt & 255}`;
    return createVisitor({ url, origin: url }).submit(
      '/sign-in',
      { login, password: right ? password : 'Wrong-horse-9' },
      { 'x-forwarded-for': address },
    );
  }

  return {
    async stop(): Promise<StormFigures> {
      over = true;
      await Promise.all(attackers);
      return { ...figures, seconds: (performance.now() - startedAt) / 1_000 };
    },
  };
}
