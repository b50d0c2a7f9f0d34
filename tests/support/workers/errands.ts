/** A worker for tests of the pool: it answers, throws, dies or hangs as it is told. */
export default function errand(what: 'answer' | 'throw' | 'die' | 'hang'): unknown {
  if (what === 'throw') throw new Error('thrown in a worker');
  if (what === 'die') process.exit(7);
  if (what === 'hang') return new Promise((resolve) => setTimeout(resolve, 600_000));
  return { answered: what };
}
