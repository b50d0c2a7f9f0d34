import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { reloadWhenQuiet } from './quiet-reload.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function page(storage = new Map<string, string>()) {
  const page = { newBuild: null as string | null, isQuiet: true, reloads: 0 };
  const stop = reloadWhenQuiet({
    newBuild: () => page.newBuild,
    isQuiet: () => page.isQuiet,
    reload: () => page.reloads++,
    storage: {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => void storage.set(key, value),
    },
  });
  return Object.assign(page, { stop });
}

it('leaves a page of the present build alone', async () => {
  const current = page();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(current.reloads).toBe(0);
});

it('reloads a page of another build once it has been quiet for five seconds', async () => {
  const old = page();
  old.newBuild = 'b2';
  await vi.advanceTimersByTimeAsync(4_000);
  expect(old.reloads).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(old.reloads).toBe(1);
});

it('waits while something is typed or at work, and begins anew after each disturbance', async () => {
  const old = page();
  old.newBuild = 'b2';
  old.isQuiet = false;
  await vi.advanceTimersByTimeAsync(600_000);
  old.isQuiet = true;
  await vi.advanceTimersByTimeAsync(3_000);
  old.isQuiet = false;
  await vi.advanceTimersByTimeAsync(1_000);
  old.isQuiet = true;
  await vi.advanceTimersByTimeAsync(4_000);
  expect(old.reloads).toBe(0);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(old.reloads).toBe(1);
});

it('reloads once for a build, so that servers of two builds cannot keep it reloading', async () => {
  const storage = new Map<string, string>();
  const first = page(storage);
  first.newBuild = 'b2';
  await vi.advanceTimersByTimeAsync(10_000);
  const reloaded = page(storage);
  reloaded.newBuild = 'b2';
  await vi.advanceTimersByTimeAsync(60_000);
  expect([first.reloads, reloaded.reloads]).toEqual([1, 0]);
});
