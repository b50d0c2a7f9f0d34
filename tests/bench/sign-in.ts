/**
 * `npm run bench:sign-in`: what a storm of sign-ins does to somebody else's streams. The same streams run twice without
 * it and twice with it, in turns and in one process, so that the ratio means something on a busy machine. `--record` puts
 * the table into docs/performance.md, `--short` tries the bench itself.
 */
import { cpus, loadavg } from 'node:os';
import { practicePeople } from '../../src/lib/sandbox/people.ts';
import { measureAddedDelay, type AddedDelay, type Load } from './added-delay.ts';
import { startProductProcess } from './product-process.ts';
import { quantiles, type Quantiles } from './quantiles.ts';
import { record } from './record.ts';
import { startRemotes } from './remotes-process.ts';
import { raiseStorm, type StormFigures } from './sign-in-storm.ts';
import { joinEverybody, productServer } from './writing-tabs.ts';

const short = process.argv.includes('--short');
const load: Load = short
  ? { streams: 5, starts: 5, tokensEach: 20 }
  : { streams: 10, starts: 15, tokensEach: 80 };
const SIGN_INS_AT_ONCE = 60;
/** As it ships; the tests' other apps hash more cheaply. */
const BCRYPT_COST = '12';

const loadBefore = loadavg()[0] ?? NaN;
const remotes = await startRemotes();
try {
  const product = await startProductProcess(remotes, { env: { BCRYPT_COST, TRUST_PROXY: '1' } });
  try {
    const people = await joinEverybody(product);
    const [listener] = people;
    if (!listener) throw new Error('Nobody has joined.');
    const server = productServer(product, [listener]);
    const measure = () => measureAddedDelay(server, remotes.llmUrl, load);
    await measureAddedDelay(server, remotes.llmUrl, { ...load, starts: 5, tokensEach: 20 });
    const rounds: Round[] = [];
    for (let round = 0; round < (short ? 1 : 2); round += 1) {
      const quiet = await measure();
      const storm = raiseStorm(product.url, practicePeople, SIGN_INS_AT_ONCE);
      rounds.push({ quiet, stormy: await measure(), storm: await storm.stop() });
    }
    const report = render(rounds);
    process.stdout.write(`${report}\n`);
    if (process.argv.includes('--record')) await record(report, 'bench:sign-in');
  } finally {
    await product.stop();
  }
} finally {
  remotes.stop();
}

interface Round {
  quiet: AddedDelay;
  stormy: AddedDelay;
  storm: StormFigures;
}

function render(rounds: Round[]): string {
  const lines = rounds.flatMap(({ quiet, stormy, storm }, round) => [
    row(`${round + 1}, without`, quiet, null),
    row(`${round + 1}, with`, stormy, storm),
  ]);
  const ratios = rounds.map(({ quiet, stormy }) =>
    ratio(stormy.laterTokenAge.product, quiet.laterTokenAge.product),
  );
  return [
    `Run at ${new Date().toISOString()} on ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.versions.node}, cost ${BCRYPT_COST}${short ? ', **short run**' : ''}. ${load.streams} streams at a time of 50 tokens a second beside ${SIGN_INS_AT_ONCE} sign-ins under way. Load average over one minute: ${loadBefore.toFixed(1)} before, ${(loadavg()[0] ?? NaN).toFixed(1)} after.`,
    'Milliseconds, p50 / p95 / p99:',
    [
      '| round and storm | first token’s age | later tokens’ age | the same, directly from the model | sign-ins a second: let in, refused, turned away | a sign-in’s answer |',
      '| --- | --- | --- | --- | --- | --- |',
      ...lines,
    ].join('\n'),
    `Later tokens are this many times as old with the storm (p50 / p95 / p99): ${ratios.join('; ')}.`,
  ].join('\n\n');
}

function row(name: string, { firstTokenAge, laterTokenAge }: AddedDelay, storm: StormFigures | null): string {
  const perSecond = (count: number) => (count / (storm?.seconds ?? 1)).toFixed(1);
  const cells = [
    name,
    shown(firstTokenAge.product),
    shown(laterTokenAge.product),
    shown(laterTokenAge.direct),
    storm ? [storm.letIn, storm.refused, storm.turnedAway].map(perSecond).join(', ') : '-',
    storm ? shown(quantiles(storm.answerMs)) : '-',
  ];
  return `| ${cells.join(' | ')} |`;
}

function ratio(stormy: Quantiles, quiet: Quantiles): string {
  return (['p50', 'p95', 'p99'] as const).map((name) => (stormy[name] / quiet[name]).toFixed(1)).join(' / ');
}

function shown({ p50, p95, p99 }: Quantiles): string {
  return [p50, p95, p99].map((ms) => ms.toFixed(1)).join(' / ');
}
