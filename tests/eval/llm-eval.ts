import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Environment } from '../../src/lib/server/settings/settings.ts';
import { evaluate, evaluateLookUp, type Evaluation } from './evaluate.ts';
import { reportLines, type EvalReport } from './eval-report.ts';
import { openModel } from './open-model.ts';
import { requirements } from './requirements.ts';

/**
 * `npm run llm:eval [-- --only ID,ID] [--out FILE]`: takes each text through the configured model, prints a table, and
 * writes everything as JSON. It says what a model does with our texts; it judges nothing, and fails only when it
 * cannot be done or a criterion was lost.
 */
export async function evaluateModel(
  args: string[],
  env: Environment,
  print: (line: string) => void,
): Promise<{ exitCode: 0 | 1; report: EvalReport }> {
  const { only, out } = parseArgs({
    args,
    options: { only: { type: 'string' }, out: { type: 'string', default: '.test-output/llm-eval.json' } },
  }).values;
  const wanted = only?.split(',');
  const chosen = requirements.filter(({ id }) => wanted?.includes(id) ?? true);
  if (chosen.length === 0)
    throw new Error(`There is no such text. There are: ${requirements.map(({ id }) => id).join(', ')}.`);
  const { model, product, close } = await openModel(env);
  try {
    const evaluations: Evaluation[] = [];
    for (const requirement of chosen) {
      print(`${requirement.id}: ${requirement.tries}`);
      evaluations.push(await evaluate(requirement, model, product));
    }
    const report: EvalReport = {
      model: `${product.config.llm.name} (${product.config.llm.model})`,
      at: new Date().toISOString(),
      evaluations,
      lookUp: await evaluateLookUp(model, product),
    };
    ['', ...reportLines(report), '', `Everything: ${out}`].forEach(print);
    mkdirSync(dirname(resolve(out)), { recursive: true });
    writeFileSync(out, `${JSON.stringify(report, null, 2)}\n`);
    return { exitCode: evaluations.every(({ conserved }) => conserved) ? 0 : 1, report };
  } finally {
    await close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const print = (line: string) => void process.stdout.write(`${line}\n`);
  const { exitCode } = await evaluateModel(process.argv.slice(2), process.env, print);
  process.exitCode = exitCode;
}
