export interface Space {
  readonly id: number;
  readonly key: string;
  readonly name: string;
}

export const spaces: readonly Space[] = [
  { id: 98_305, key: 'PORTAL', name: 'Customer Portal' },
  { id: 98_306, key: 'OPSDOC', name: 'Operations handbook' },
];

/** The space with that key; keys compare without case. */
export function findSpace(key: string | null | undefined): Space | undefined {
  return spaces.find((space) => space.key === key?.toUpperCase());
}
