import { createHash } from 'node:crypto';
import { ulid } from 'ulid';
import type { ClientEventName } from '../../src/lib/contracts/socket-events.ts';
import { alice } from '../../src/lib/sandbox/people.ts';
import type { PageAnswer, Visitor } from './page-visitor.ts';
import { password } from './running-app.ts';

/** Stands in what Alice writes, and nowhere else. */
export const aliceWord = 'Zwiebelturm';

/** The ids of what Alice has; or, to compare with, ids of the same form that nothing has. */
export interface Things {
  conversationId: string;
  draftId: string;
  interruptId: string;
  intentId: string;
  approvalId: string;
  jobId: string;
  sessionId: string;
  userId: string;
  messageId: string;
  apiKeyId: string;
}

export type Replay = (visitor: Visitor, things: Things) => Promise<PageAnswer>;

const get =
  (path: (things: Things) => string): Replay =>
  (visitor, things) =>
    visitor.get(path(things));
const act =
  (path: string, fields: (things: Things) => Record<string, string>): Replay =>
  (visitor, things) =>
    visitor.act(path, fields(things));

/** Addresses that name a thing of a person. Omar asks for Alice's, then for what is not there: one answer. */
export const foreignThings: Record<string, Replay> = {
  'GET /creator/[id]': get(({ conversationId }) => `/creator/${conversationId}`),
  'GET /creator/[id]/export': get(({ conversationId }) => `/creator/${conversationId}/export?format=json`),
  'GET /creator/[id]/drafts/[draftId]/versions': get(
    ({ conversationId, draftId }) => `/creator/${conversationId}/drafts/${draftId}/versions`,
  ),
  'GET /api/conversations/[id]': get(({ conversationId }) => `/api/conversations/${conversationId}`),
  'GET /api/conversations/[id]/events': get(
    ({ conversationId }) => `/api/conversations/${conversationId}/events`,
  ),
  'POST /api/conversations/[id]/commands/[event]': (visitor, { conversationId }) =>
    visitor.post(`/api/conversations/${conversationId}/commands/run:stop`, {}),
  'GET /api/jobs/[id]': get(({ jobId }) => `/api/jobs/${jobId}`),
  'POST /creator/[id]?/send': (visitor, { conversationId }) =>
    visitor.act(`/creator/${conversationId}?/send`, { text: 'Hello' }),
  'POST /creator/[id]?/answer': (visitor, { conversationId, interruptId }) =>
    visitor.act(`/creator/${conversationId}?/answer`, { interruptId, 'answer.q1': 'Yes' }),
  'POST /creator/[id]/choices': (visitor, { conversationId }) =>
    visitor.post(`/creator/${conversationId}/choices`, { issueType: 'Task' }),
  'POST /creator/[id]/manage': (visitor, { conversationId }) =>
    visitor.post(`/creator/${conversationId}/manage`, { change: 'remove' }),
  'POST /creator/[id]/sources': (visitor, { conversationId }) =>
    visitor.post(`/creator/${conversationId}/sources`, { kind: 'text', title: 'T', text: 'Text' }),
  'POST /profile?/revokeKey': act('/profile?/revokeKey', ({ apiKeyId }) => ({ keyId: apiKeyId })),
  'POST /profile?/end': act('/profile?/end', ({ sessionId }) => ({ sessionId })),
  'POST /tools?/retry': act('/tools?/retry', ({ jobId }) => ({ jobId })),
  'POST /tools?/cancel': act('/tools?/cancel', ({ jobId }) => ({ jobId })),
};

/** Addresses of administrators. To everybody else they are not there. */
export const administrators: Record<string, Replay> = {
  'GET /admin': get(() => '/admin'),
  'GET /admin/rules': get(() => '/admin/rules'),
  'POST /admin/rules?/save': act('/admin/rules?/save', () => ({ 'who.summary_length': 'everybody' })),
  'GET /admin/audit': get(() => '/admin/audit'),
  'GET /admin/audit/export': get(() => '/admin/audit/export?format=csv'),
  'GET /admin/people': get(() => '/admin/people'),
  'POST /admin/people?/disable': act('/admin/people?/disable', ({ userId }) => ({ userId })),
  'POST /admin/people?/enable': act('/admin/people?/enable', ({ userId }) => ({ userId })),
  'POST /admin/people?/endSessions': act('/admin/people?/endSessions', ({ userId }) => ({ userId })),
  'POST /admin/people?/erase': act('/admin/people?/erase', ({ userId }) => ({
    userId,
    erasePassword: password,
  })),
};

/** Addresses that name nothing: they answer with what is the asker's own. */
export const ownOnly: Record<string, Replay> = {
  'GET /dashboard': get(() => '/dashboard'),
  'GET /configurations': get(() => '/configurations'),
  'GET /creator': get(() => '/creator'),
  'GET /creator/choices': get(() => '/creator/choices?project=DEMO'),
  'GET /creator/projects': get(() => '/creator/projects'),
  'GET /creator/sources': get(() => '/creator/sources?search=invoices'),
  'GET /profile': get(() => '/profile'),
  'GET /rules': get(() => '/rules'),
  'GET /rules/export': get(() => '/rules/export'),
  'GET /tools': get(() => '/tools'),
  'GET /api/conversations': get(() => `/api/conversations?search=${aliceWord}`),
  'POST /api/conversations': (visitor) => visitor.post('/api/conversations', { projectKey: 'DEMO' }),
  'POST /configurations/model-check': (visitor) => visitor.post('/configurations/model-check', {}),
  'POST /configurations/test': (visitor) => visitor.post('/configurations/test', { kind: 'confluence' }),
  'GET /api/jobs': get(() => '/api/jobs'),
  'POST /api/preferences': (visitor) => visitor.post('/api/preferences', { key: 'language', value: 'auto' }),
  'POST /configurations?/save': act('/configurations?/save', () => ({ kind: 'llm', verifyTls: 'on' })),
  'POST /configurations?/remove': act('/configurations?/remove', () => ({ kind: 'confluence' })),
  'POST /configurations?/reveal': act('/configurations?/reveal', () => ({
    kind: 'jira',
    currentPassword: 'Wrong-horse-9',
  })),
  'POST /creator?/create': act('/creator?/create', () => ({ text: 'Nothing to see', projectKey: 'DEMO' })),
  'POST /profile?/createKey': act('/profile?/createKey', () => ({ name: 'mine', days: '30' })),
  'POST /profile/export': (visitor) => visitor.submit('/profile/export', {}),
  'POST /profile?/erase': act('/profile?/erase', () => ({ erasePassword: 'Wrong-horse-9' })),
  'POST /profile?/language': act('/profile?/language', () => ({ language: 'auto' })),
  'POST /profile?/password': act('/profile?/password', () => ({
    currentPassword: 'Wrong-horse-9',
    password: 'Another-horse-9',
    passwordAgain: 'Another-horse-9',
  })),
  'POST /rules?/save': act('/rules?/save', () => ({ maxStoryPoints: '3' })),
  'POST /rules?/reset': act('/rules?/reset', () => ({})),
  'POST /rules?/resetOne': act('/rules?/resetOne', () => ({ setting: 'maxStoryPoints' })),
  'POST /rules?/preview': act('/rules?/preview', () => ({ maxStoryPoints: '3' })),
  'POST /rules?/addPattern': act('/rules?/addPattern', () => ({
    name: 'Ticket',
    field: 'description',
    expect: 'match',
    pattern: 'CR',
    message: 'Name it.',
  })),
  'POST /rules?/removePattern': act('/rules?/removePattern', () => ({ name: 'Ticket' })),
  'POST /rules?/planImport': act('/rules?/planImport', () => ({ text: '{"backlogueWriting":1}' })),
  'POST /rules?/importAll': act('/rules?/importAll', () => ({ text: '{"backlogueWriting":1}' })),
  'POST /rules?/tryPattern': act('/rules?/tryPattern', () => ({ sample: 'Text' })),
  'POST /rules?/language': act('/rules?/language', () => ({ language: 'auto' })),
  'POST /rules?/saveFormat': act('/rules?/saveFormat', () => ({
    name: 'Mine',
    kind: 'bdd',
    instructions: 'Short.',
  })),
  'POST /rules?/previewFormat': act('/rules?/previewFormat', () => ({
    name: 'Mine',
    kind: 'bdd',
    instructions: 'Short.',
  })),
  'POST /rules?/removeFormat': act('/rules?/removeFormat', () => ({ id: 'my-nothing' })),
  'POST /rules?/savePrompt': act('/rules?/savePrompt', () => ({ name: 'Mine', text: 'Short.' })),
  'POST /rules?/removePrompt': act('/rules?/removePrompt', () => ({ id: 'my-nothing' })),
  'POST /tools?/refresh': act('/tools?/refresh', () => ({})),
  'GET /session/state': get(() => '/session/state'),
  'POST /session/renew': (visitor) => visitor.post('/session/renew', {}),
};

/** Addresses for everybody: with nobody signed in they say nothing of anybody. */
export const everybody: Record<string, Replay> = {
  'GET /': get(() => '/'),
  'GET /sign-in': get(() => '/sign-in'),
  'GET /register': get(() => '/register'),
  'GET /register/person': get(() => '/register/person'),
  'GET /forgot': get(() => '/forgot'),
  'GET /forgot/person': get(() => '/forgot/person'),
  'GET /metrics': get(() => '/metrics'),
  'GET /healthz': get(() => '/healthz'),
  'GET /readyz': get(() => '/readyz'),
  'POST /sign-in': act('/sign-in', () => ({ login: alice.employeeId, password: 'Wrong-horse-9' })),
  'POST /sign-out': (visitor) => visitor.submit('/sign-out', {}),
  'POST /register': act('/register', () => ({ jiraToken: 'a-token-that-opens-nothing' })),
  'POST /register/person?/complete': act('/register/person?/complete', () => ({
    password,
    passwordAgain: password,
  })),
  'POST /register/person?/cancel': act('/register/person?/cancel', () => ({})),
  'POST /forgot': act('/forgot', () => ({ jiraToken: 'a-token-that-opens-nothing' })),
  'POST /forgot/person?/complete': act('/forgot/person?/complete', () => ({
    password,
    passwordAgain: password,
  })),
  'POST /forgot/person?/cancel': act('/forgot/person?/cancel', () => ({})),
};

/** Ends what the others need, so each asks in a session of its own. */
export const lastOnes: Record<string, Replay> = {
  'POST /profile?/everywhere': act('/profile?/everywhere', () => ({})),
};

export const foreignEvents: Record<ClientEventName, (things: Things) => object> = {
  'conversation:join': ({ conversationId }) => ({ conversationId, afterSeq: 0 }),
  'conversation:leave': ({ conversationId }) => ({ conversationId }),
  'message:send': ({ conversationId }) => ({
    conversationId,
    messageId: ulid(),
    text: 'Hello',
    draftIds: [],
  }),
  'message:withdraw': ({ conversationId, messageId }) => ({ conversationId, messageId }),
  'clarify:answer': ({ conversationId, interruptId }) => ({
    conversationId,
    interruptId,
    answers: [{ questionId: 'q1', text: 'Yes' }],
  }),
  'draft:edit': ({ conversationId, draftId }) => ({
    conversationId,
    draftId,
    baseVersion: 1,
    edit: { summary: 'Taken over' },
  }),
  'draft:discard': ({ conversationId, draftId }) => ({ conversationId, draftId, version: 1 }),
  'draft:fields': ({ conversationId, draftId }) => ({ conversationId, draftId, version: 1, extraFields: {} }),
  'review:approve': ({ conversationId, interruptId, draftId }) => ({
    conversationId,
    interruptId,
    approvalId: ulid(),
    drafts: [{ draftId, version: 1, hash: 'a'.repeat(64) }],
  }),
  'creation:resolve': ({ conversationId, intentId }) => ({
    conversationId,
    intentId,
    choice: 'create_anyway',
  }),
  'review:prepare': ({ conversationId }) => ({ conversationId }),
  'draft:use_existing': ({ conversationId, draftId }) => ({
    conversationId,
    draftId,
    version: 1,
    issueKey: 'DEMO-1',
  }),
  'draft:choose': ({ conversationId, draftId }) => ({
    conversationId,
    draftId,
    version: 1,
    conflictId: 'any',
    choice: 'theirs',
  }),
  'draft:bypass': ({ conversationId, draftId }) => ({
    conversationId,
    draftId,
    version: 1,
    ruleId: 'summary_length',
    reason: 'Because.',
  }),
  'creation:undo': ({ conversationId, approvalId }) => ({ conversationId, approvalId }),
  'run:stop': ({ conversationId }) => ({ conversationId }),
  'run:continue': ({ conversationId }) => ({ conversationId }),
};

/** Ids that nothing has. */
export const nobodys: Things = {
  conversationId: ulid(),
  draftId: ulid(),
  interruptId: ulid(),
  intentId: ulid(),
  approvalId: ulid(),
  jobId: ulid(),
  apiKeyId: ulid(),
  sessionId: createHash('sha256').update('nobody').digest('hex'),
  userId: ulid(),
  messageId: ulid(),
};
