/**
 * Conservation of a split: every criterion of the parent lands in exactly one child. Criteria are their 1-based
 * numbers in the parent.
 */

/** What is wrong with a split, as sentences for the model; empty when nothing is lost or doubled. */
export function conservationFaults(criteriaCount: number, children: number[][]): string[] {
  const holders = new Map<number, number[]>();
  children.forEach((numbers, index) => {
    for (const number of new Set(numbers)) holders.set(number, [...(holders.get(number) ?? []), index + 1]);
  });
  const all = numbersTo(criteriaCount);
  const lost = all.filter((number) => !holders.has(number));
  const doubled = all.filter((number) => (holders.get(number)?.length ?? 0) > 1);
  const unknown = [...holders.keys()].filter((number) => !all.includes(number));
  const empty = children.flatMap((numbers, index) =>
    numbers.some((number) => all.includes(number)) ? [] : [index + 1],
  );
  return [
    ...lost.map((number) => `Criterion ${number} is in no child.`),
    ...doubled.map(
      (number) =>
        `Criterion ${number} is in the children ${holders.get(number)?.join(' and ')}; it belongs in one.`,
    ),
    ...unknown.map((number) => `There is no criterion ${number}; the story has ${criteriaCount}.`),
    ...empty.map((child) => `Child ${child} has no criterion.`),
    ...(children.length < 2 ? ['A split has at least two children.'] : []),
  ];
}

export interface Allotment {
  /** By child, in the order asked; a child that gets nothing is empty. */
  children: number[][];
  /** Criteria that no child took: they go visibly into a last child of their own. */
  leftovers: number[];
}

/** The split made whole: doubles stay with the first child that names them, unknown numbers fall away. */
export function conserve(criteriaCount: number, children: number[][]): Allotment {
  const free = new Set(numbersTo(criteriaCount));
  // Set.delete tells whether the number was still free, so each one is given away once.
  const allotted = children.map((numbers) =>
    numbers.filter((number) => free.delete(number)).sort((a, b) => a - b),
  );
  return { children: allotted, leftovers: [...free] };
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
