import { isSpanContextValid, trace } from '@opentelemetry/api';
import type { PromptMessage, ToolSpec } from '../../../agent/ports.ts';
import type { DialectConfig } from '../../../contracts/config/config-file.ts';
import type { CallType } from '../../../contracts/model-answer.ts';
import { InvalidError } from '../../errors/app-error.ts';
import type { ProductConfig } from '../../settings/config-store.ts';
import { fillTemplate, fillToText } from './fill-template.ts';
import { toolsInForm, turnsInForm } from './tool-turns.ts';

/** For whom the model is called. Fills {{employeeId}}, {{conversationId}} and {{requestId}}. */
export interface ModelPerson {
  employeeId: string;
  conversationId: string | null;
  requestId: string;
}

export interface ModelPrompt {
  type: CallType;
  system: string;
  messages: readonly PromptMessage[];
  tools?: readonly ToolSpec[];
}

export interface ModelRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body: string | undefined;
  dialect: DialectConfig;
  /** What it carries that nobody may quote: the person's credential, and what the company's headers hold. */
  secrets: readonly string[];
}

/**
 * Fills header.json and payload.json for one call. A header whose value comes out empty is left out.
 * @throws InvalidError `connection_missing` without a credential where one is needed, `llm_credential_unusable` when
 * it cannot stand in a header.
 */
export function buildModelRequest(
  product: ProductConfig,
  baseUrl: string,
  secret: string | null,
  person: ModelPerson,
  prompt: ModelPrompt,
): ModelRequest {
  const { llm } = product.config;
  if (llm.credential !== 'none' && !secret) throw credentialMissing();
  const endpoint = llm.endpoints[prompt.type] ?? llm.endpoints.default;
  const dialect = endpoint.dialect ?? llm.dialect;
  const values = {
    system: prompt.system,
    prompt: asOneText(prompt.messages),
    messages: turnsInForm(dialect.tools, prompt.messages),
    model: llm.model,
    temperature: llm.parameters.temperature,
    maxTokens: llm.parameters.maxTokens,
    callType: prompt.type,
    stream: dialect.type !== 'json',
    requestId: person.requestId,
    employeeId: person.employeeId,
    conversationId: person.conversationId ?? '',
    credential: secret ?? '',
    traceparent: traceparent(),
  };
  const template = product.payload[prompt.type] ?? product.payload.default;
  return {
    method: endpoint.method,
    url: `${baseUrl.replace(/\/+$/, '')}${endpoint.path}`,
    headers: headersFor(product, endpoint.method, dialect, values),
    body:
      endpoint.method === 'GET'
        ? undefined
        : JSON.stringify(withTools(fillTemplate(template, values), dialect, prompt.tools)),
    dialect,
    secrets: [...(secret ? [secret] : []), ...companySecrets(product)],
  };
}

/** Beside the template, so that a body without tools has no key for them: some interfaces refuse an empty list. */
function withTools(body: unknown, { tools: form }: DialectConfig, tools: readonly ToolSpec[] = []): unknown {
  if (!form || tools.length === 0 || typeof body !== 'object' || body === null) return body;
  return { ...body, tools: toolsInForm(form, tools) };
}

/** Shorter words stand in honest sentences too. */
const SHORTEST_COMPANY_SECRET = 12;

/** `${NAME}` of the environment is filled in when header.json is loaded: any fixed part of it may be a key. */
function companySecrets({ header }: ProductConfig): string[] {
  return Object.entries(header.headers)
    .filter(([name]) => !/^(?:accept|content-type|user-agent)$/i.test(name))
    .flatMap(([, template]) => template.split(/\{\{[^}]*\}\}|[\s=;,]+/))
    .filter((part) => part.length >= SHORTEST_COMPANY_SECRET);
}

const ACCEPTED: Record<DialectConfig['type'], string> = {
  sse: 'text/event-stream, application/json;q=0.5',
  ndjson: 'application/x-ndjson, application/json;q=0.9',
  json: 'application/json',
  text: 'text/plain, */*;q=0.5',
};

function headersFor(
  product: ProductConfig,
  method: 'GET' | 'POST',
  dialect: DialectConfig,
  values: Record<string, unknown>,
): Record<string, string> {
  const headers: Record<string, string> = { accept: ACCEPTED[dialect.type] };
  if (method === 'POST') headers['content-type'] = 'application/json';
  for (const [name, template] of Object.entries(product.header.headers)) {
    const value = fillToText(template, values);
    // Beyond Latin-1 or with a line break it would be another request than the one that was meant.
    if (!/^[\t\x20-\x7e\xa0-\xff]*$/.test(value)) throw credentialUnusable();
    if (value !== '') headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** The turns as one text, for models that take no list: the newest alone, or with the roles named. */
function asOneText(messages: readonly PromptMessage[]): string {
  if (messages.length === 1) return messages[0]?.content ?? '';
  return messages.map(({ role, content }) => `${ROLE_NAMES[role]}:\n${content}`).join('\n\n');
}

const ROLE_NAMES: Record<PromptMessage['role'], string> = {
  user: 'User',
  assistant: 'Assistant',
  tool: 'Tool',
};

/** The active span as W3C Trace Context has it, or empty. */
function traceparent(): string {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !isSpanContextValid(span)) return '';
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

function credentialMissing(): InvalidError {
  return new InvalidError(
    'connection_missing',
    'The language model needs a credential of yours, and none is stored.',
    {
      hint: 'Type it on the Configurations page and test it.',
    },
  );
}

function credentialUnusable(): InvalidError {
  return new InvalidError(
    'llm_credential_unusable',
    'The credential for the language model holds characters that cannot be sent.',
    {
      hint: 'Copy it again, without line breaks, and test it on the Configurations page.',
    },
  );
}
