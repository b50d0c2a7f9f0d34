import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rotateAllKeys } from '../../src/lib/server/commands/keys-rotate.ts';
import { sealForPeople } from '../support/sealed-people.ts';
import { seededRandom } from '../support/seeded-random.ts';

const kills = process.env.TEST_SCALE === 'long' ? 50 : 2;
const seed = Number(process.env.TEST_SEED ?? 5);
const people = 16;
const victim = fileURLToPath(new URL('../support/rotation-victim.ts', import.meta.url));

let sealed: Awaited<ReturnType<typeof sealForPeople>>;
let before: string[];
let steps: number;

beforeAll(async () => {
  sealed = await sealForPeople(people);
  // From the second rotation on one that came before is let go, so that there is something to lose.
  expect(rotateAllKeys(sealed.env).exitCode).toBe(0);
  before = sealed.allReadable();
  cpSync(sealed.folder, `${sealed.folder}-kept`, { recursive: true });
  const whole = await rotate(null);
  expect(whole.code).toBe(0);
  steps = whole.steps;
});
afterAll(() => {
  if (!sealed) return;
  rmSync(`${sealed.folder}-kept`, { recursive: true, force: true });
  sealed[Symbol.dispose]();
});

it(`a rotation that is killed leaves every secret readable, and the next one ends it (seed ${seed})`, async () => {
  expect(before).toHaveLength(people * 3);
  expect(steps).toBeGreaterThan(people * 3);
  const random = seededRandom(seed);
  const points = Array.from({ length: steps }, (_, point) => ({ point, order: random() }))
    .sort((a, b) => a.order - b.order)
    .slice(0, kills)
    .map(({ point }) => point);
  for (const point of points) {
    cpSync(`${sealed.folder}-kept`, sealed.folder, { recursive: true, force: true });
    const { signal } = await rotate(point);
    expect(signal, `step ${point}`).toBe('SIGKILL');
    expect(sealed.allReadable(), `after a kill at step ${point}`).toEqual(before);
    expect(rotateAllKeys(sealed.env), `after a kill at step ${point}`).toMatchObject({ exitCode: 0 });
    expect(sealed.allReadable(), `taken up after step ${point}`).toEqual(before);
    expect(sealed.keyring().ids.length).toBeLessThanOrEqual(2);
  }
});

async function rotate(killAt: number | null) {
  const child = fork(victim, {
    env: { ...process.env, ...sealed.env, ...(killAt === null ? {} : { KILL_AT: String(killAt) }) },
    execArgv: [],
    stdio: 'ignore',
  });
  let told = 0;
  child.on('message', (message: { steps: number }) => void (told = message.steps));
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return { code, signal, steps: told };
}
