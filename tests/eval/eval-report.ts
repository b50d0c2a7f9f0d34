import type { Evaluation, LookUpEvaluation } from './evaluate.ts';

export interface EvalReport {
  /** As config.json names it. */
  model: string;
  /** ISO 8601, UTC. */
  at: string;
  evaluations: Evaluation[];
  /** Null where the model is offered no tools. */
  lookUp: LookUpEvaluation | null;
}

/** The report as lines of Markdown, so that it reads at a terminal and in a document. */
export function reportLines({ model, at, evaluations, lookUp }: EvalReport): string[] {
  const rows = evaluations.map(row);
  return [
    `${model}, ${at.slice(0, 10)}`,
    '',
    `| ${COLUMNS.join(' | ')} |`,
    `| ${COLUMNS.map(() => '---').join(' | ')} |`,
    ...[...rows, totals(evaluations)].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    lookUp === null
      ? 'The model is offered no tools: questions are answered from one search.'
      : `Asked “${lookUp.question}” it read ${lookUp.readings} times, ${lookUp.namesWhatItRead ? 'named what it read' : 'named nothing that it read'}${lookUp.namesWhatNobodyRead ? ', named keys that nobody read' : ''}, in ${lookUp.totalMs} ms.`,
    ...evaluations.flatMap(({ id, failure }) =>
      failure === null ? [] : [`${id} failed: ${oneLine(failure)}`],
    ),
  ];
}

const COLUMNS = [
  'text',
  'questions',
  'valid at first',
  'repairs (form, rules)',
  'stories (left to mend)',
  'criteria with source',
  'splits whole at first',
  'conserved',
  'first token ms',
  'total ms',
];

function row(evaluation: Evaluation): string[] {
  const { id, failure, firstTokenMs, totalMs } = evaluation;
  return [
    failure === null ? id : `${id} (failed)`,
    ...counted(evaluation),
    `${firstTokenMs ?? '-'}`,
    `${totalMs}`,
  ];
}

function totals(evaluations: readonly Evaluation[]): string[] {
  const add = (pick: (evaluation: Evaluation) => number) =>
    evaluations.reduce((total, evaluation) => total + pick(evaluation), 0);
  const firstTokens = evaluations.flatMap(({ firstTokenMs }) => firstTokenMs ?? []).sort((a, b) => a - b);
  return [
    'all',
    ...counted({
      questions: add((one) => one.questions),
      validAtFirst: add((one) => one.validAtFirst),
      drafted: add((one) => one.drafted),
      formRepairs: add((one) => one.formRepairs),
      ruleRepairs: add((one) => one.ruleRepairs),
      stories: add((one) => one.stories),
      violationsLeft: add((one) => one.violationsLeft),
      criteria: add((one) => one.criteria),
      criteriaWithSource: add((one) => one.criteriaWithSource),
      splits: add((one) => one.splits),
      splitsWholeAtFirst: add((one) => one.splitsWholeAtFirst),
      conserved: evaluations.every(({ conserved }) => conserved),
    }),
    `${firstTokens[Math.floor(firstTokens.length / 2)] ?? '-'} (median)`,
    `${add((one) => one.totalMs)}`,
  ];
}

type Counted = Omit<
  Evaluation,
  'id' | 'failure' | 'firstTokenMs' | 'totalMs' | 'inputTokens' | 'outputTokens'
>;

function counted(one: Counted): string[] {
  return [
    `${one.questions}`,
    `${one.validAtFirst} of ${one.drafted}`,
    `${one.formRepairs}, ${one.ruleRepairs}`,
    `${one.stories} (${one.violationsLeft})`,
    `${one.criteriaWithSource} of ${one.criteria}`,
    `${one.splitsWholeAtFirst} of ${one.splits}`,
    one.conserved ? 'yes' : 'NO',
  ];
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
}
