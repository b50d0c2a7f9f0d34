import fc from 'fast-check';

/**
 * Property tests draw the same examples in every run, or a change would be blamed for what a lucky draw finds in code that
 * it never touched. `TEST_SEED` draws others, and `npm run test:long` draws new ones each time.
 */
const given = process.env.TEST_SEED;
if (given !== undefined) fc.configureGlobal({ seed: Number(given) });
else if (process.env.TEST_SCALE !== 'long') fc.configureGlobal({ seed: 20_261_125 });
