import { z } from 'zod';
import { runEventSchema, runEventTypes } from '../../contracts/run-event.ts';
import { channelVersion, clientEvents, serverEvents } from '../../contracts/socket-events.ts';

/** `docs/events.md`: every command and event of the channel, from the contracts themselves. */
export function eventsReference(): string {
  return [
    `# The events of a conversation
Made from \`src/lib/contracts\` by \`npm run docs:events\`; a test fails where it is out of date. Channel version
${channelVersion}: a page names it in its handshake, and one of another version is told to reload.

Times are milliseconds since 1970, UTC. An id that the caller makes is a ULID: the same command may be sent again under
the same id, and happens once.`,
    `## Commands
On the channel each is a Socket.IO event with an acknowledgement; by POST they go to
\`/api/conversations/<id>/commands/<command>\` (\`conversation:join\` and \`conversation:leave\` are the channel's own: a
script opens the event stream instead). The answer is \`{"ok": true, "result": …}\` or \`{"ok": false, "problem": …}\`.`,
    ...Object.entries(clientEvents).map(([name, { payload, result }]) =>
      section(name, [
        ['Payload', jsonSchema(payload, 'input')],
        ['Result', jsonSchema(result, 'output')],
      ]),
    ),
    `## Run events
The journal of a conversation. On the channel they come in batches, as \`conversation:events\`; in the event stream one by
one, under their type. Every one has these fields:`,
    fenced(envelope()),
    ...runEventTypes.map((type) => section(type, [['Body', bodyOf(type)]])),
    `## What the server tells besides
Events of the channel. The event stream tells all but \`conversation:events\`, and \`conversation:joined\` with
\`{"lastSeq": …}\` when it has begun.`,
    ...Object.entries(serverEvents).map(([name, schema]) =>
      section(name, [['Message', name === 'conversation:events' ? batch() : jsonSchema(schema, 'output')]]),
    ),
  ]
    .join('\n\n')
    .concat('\n');
}

type Json = { [key: string]: unknown };

function section(name: string, parts: [string, Json][]): string {
  const described = parts.map(([title, schema]) =>
    isEmpty(schema) ? `${title}: \`{}\`` : `${title}:\n${fenced(schema)}`,
  );
  return [`### \`${name}\``, ...described].join('\n\n');
}

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  return plain(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json);
}

function variant(type: string): Json {
  const { oneOf, anyOf } = jsonSchema(runEventSchema, 'output') as { oneOf?: Json[]; anyOf?: Json[] };
  const found = (oneOf ?? anyOf ?? []).find((each) => {
    const { type: typeField } = each['properties'] as { type: { const: string } };
    return typeField.const === type;
  });
  if (!found) throw new Error(`The contract has no run event ${type}.`);
  return found;
}

function envelope(): Json {
  const { properties, required } = variant('run_started') as { properties: Json; required: string[] };
  const { body: _body, type: _type, ...shared } = properties;
  return { ...shared, required: required.filter((name) => name in shared) };
}

function bodyOf(type: string): Json {
  return (variant(type)['properties'] as { body: Json }).body;
}

/** Run events stand above; a batch of them need not repeat all. */
function batch(): Json {
  return {
    conversationId: { type: 'string' },
    events: { type: 'array', minItems: 1, items: 'any of the run events above' },
  };
}

/** Without what says nothing to a reader. */
function plain(schema: Json): Json {
  const { $schema: _schema, ...rest } = schema;
  return JSON.parse(JSON.stringify(rest, (key, value: unknown) => (isNoise(key, value) ? undefined : value)));
}

function isNoise(key: string, value: unknown): boolean {
  if (key === 'additionalProperties' && value === false) return true;
  return (key === 'maximum' || key === 'minimum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;
}

function isEmpty(schema: Json): boolean {
  return (
    schema['type'] === 'object' && Object.keys((schema['properties'] as Json | undefined) ?? {}).length === 0
  );
}

function fenced(schema: Json): string {
  return `\`\`\`json\n${JSON.stringify(schema, null, 2)}\n\`\`\``;
}
