import { z } from 'zod';

interface Named {
  name: string;
  title: string;
  description: string;
}

/** One setting as a page can draw it: plain data, so that it travels from the server to the browser. */
export type SettingField = Named &
  (
    | { kind: 'number'; min: number; max: number; whole: boolean }
    | { kind: 'boolean' }
    /** One of several. */
    | { kind: 'choice'; options: { value: string; label: string }[] }
    /** Any of several. */
    | { kind: 'choices'; options: { value: string; label: string }[] }
    /** Numbers in a row, such as 1, 2, 3, 5, 8. */
    | { kind: 'scale' }
    /** Words or phrases, one a line. */
    | { kind: 'words' }
  );

/** The settings of one rule. */
export interface SettingGroup {
  id: string;
  name: string;
  fields: SettingField[];
}

const choiceSchema = z.object({ enum: z.array(z.string()) });
const itemsSchema = z.union([choiceSchema, z.object({ type: z.enum(['number', 'integer', 'string']) })]);
const propertySchema = z.intersection(
  z.object({
    title: z.string(),
    description: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  z.union([
    choiceSchema,
    z.object({ type: z.literal('boolean') }),
    z.object({ type: z.enum(['number', 'integer']), minimum: z.number(), maximum: z.number() }),
    z.object({ type: z.literal('array'), items: itemsSchema }),
  ]),
);

/**
 * How to draw the settings of a schema, in its order. Throws for a setting without title, description or (a number)
 * limits, and for one of a kind that no page could draw: the author of the rule is to see that, not the person.
 */
export function settingFields(schema: z.ZodObject): SettingField[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const parsed = propertySchema.safeParse(property);
    if (!parsed.success)
      throw new Error(`The setting “${name}” cannot be drawn: ${z.prettifyError(parsed.error)}`);
    const { title, description, labels } = parsed.data;
    const options = (values: string[]) => values.map((value) => ({ value, label: labels[value] ?? value }));
    return { name, title, description, ...kindOf(parsed.data, options) };
  });
}

type Kind<F = SettingField> = F extends unknown ? Omit<F, keyof Named> : never;

function kindOf(
  property: z.output<typeof propertySchema>,
  options: (values: string[]) => { value: string; label: string }[],
): Kind {
  if ('enum' in property) return { kind: 'choice', options: options(property.enum) };
  if (property.type === 'boolean') return { kind: 'boolean' };
  if (property.type !== 'array') {
    return {
      kind: 'number',
      min: property.minimum,
      max: property.maximum,
      whole: property.type === 'integer',
    };
  }
  if ('enum' in property.items) return { kind: 'choices', options: options(property.items.enum) };
  return { kind: property.items.type === 'string' ? 'words' : 'scale' };
}

/** A value as one reads it: "3", "1, 2, 3", "Acceptance criteria", "none". */
export function toldSetting(field: SettingField, value: unknown): string {
  if (field.kind === 'boolean') return value === true ? 'on' : 'off';
  const labels = 'options' in field ? field.options : [];
  const told = [value]
    .flat()
    .map((one) => labels.find((option) => option.value === one)?.label ?? String(one));
  return told.join(', ') || 'none';
}

/** What to say where a value is refused. */
export function whatItTakes(field: SettingField): string {
  switch (field.kind) {
    case 'number': {
      const [min, max] = [field.min, field.max].map((limit) => limit.toLocaleString('en'));
      return `Type a ${field.whole ? 'whole ' : ''}number from ${min} to ${max}.`;
    }
    case 'scale':
      return 'Type numbers, with spaces or commas between them: 1, 2, 3, 5, 8.';
    case 'words':
      return 'Write one word or phrase a line.';
    case 'boolean':
    case 'choice':
    case 'choices':
      return 'Choose from what is offered.';
  }
}
