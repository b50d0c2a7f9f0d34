import { describe, expect, it } from 'vitest';
import { createTimelineWindow, entriesAtOnce } from './timeline-window.svelte.ts';

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

describe('the window over a timeline', () => {
  it('shows a short conversation whole', () => {
    const view = createTimelineWindow(() => numbers(entriesAtOnce));
    expect(view.shown).toEqual(numbers(entriesAtOnce));
    expect(view.earlier).toBe(0);
  });

  it('shows the newest of a long one, and goes back step by step to its start', () => {
    const view = createTimelineWindow(() => numbers(150));
    expect(view.shown).toEqual(numbers(150).slice(90));
    view.showEarlier();
    expect(view.shown).toEqual(numbers(150).slice(30));
    view.showEarlier();
    expect(view.shown).toEqual(numbers(150));
    expect(view.earlier).toBe(0);
  });

  it('keeps what a reader went back to while the conversation grows', () => {
    let count = 150;
    const view = createTimelineWindow(() => numbers(count));
    view.showEarlier();
    count = 400;
    // Outside a component nothing is reactive: a fresh window stands for the next rendering.
    expect(view.earlier).toBe(30);
  });

  it('shows everything to whoever looks for one entry', () => {
    const view = createTimelineWindow(() => numbers(10_000));
    view.showAll();
    expect(view.shown).toHaveLength(10_000);
  });
});
