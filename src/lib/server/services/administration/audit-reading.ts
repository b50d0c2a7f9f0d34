import type { AuditEvent } from '../../repositories/audit-repository.ts';
import type { AuditSearchRepository } from '../../repositories/audit-search-repository.ts';
import type { AuditService } from '../services.ts';
import type { AuditReadingService, AuditView } from './administration-services.ts';
import { auditFormats } from './audit-export.ts';
import { requireAdministrator } from './require-administrator.ts';

interface AuditReadingDeps {
  repository: AuditSearchRepository;
  audit: AuditService;
  clock: { now(): number };
}

const eventsPerPage = 50;
/** Read at once while exporting: enough to be quick, little enough not to hold up anybody. */
const eventsPerChunk = 500;

/** The audit log for administrators: to look through, and to take away. */
export function createAuditReading({ repository, audit, clock }: AuditReadingDeps): AuditReadingService {
  return {
    async page(actor, filter, beforeId) {
      requireAdministrator(actor);
      // One more than is shown tells whether there is an older page.
      const found = await repository.before(filter, beforeId, eventsPerPage + 1);
      const shown = found.slice(0, eventsPerPage);
      const last = shown.at(-1);
      return {
        events: shown.map(toView),
        olderThan: found.length > eventsPerPage && last ? last.id : null,
        actions: await repository.actions(),
      };
    },

    async exportAs(actor, filter, format) {
      requireAdministrator(actor);
      const { contentType, head, line } = auditFormats[format];
      audit.record(actor, { action: 'audit.export', outcome: 'ok', detail: { format } });
      const day = new Date(clock.now()).toISOString().slice(0, 10);
      return {
        fileName: `backlogue-audit-${day}.${format}`,
        contentType,
        chunks: exported(head, line, (afterId) => repository.after(filter, afterId, eventsPerChunk)),
      };
    },
  };
}

/** Reads as fast as the receiver takes it. What is recorded meanwhile is part of it, once. */
async function* exported(
  head: string,
  line: (event: AuditEvent) => string,
  read: (afterId: number) => Promise<AuditEvent[]>,
): AsyncGenerator<string> {
  if (head !== '') yield head;
  let afterId = 0;
  for (;;) {
    const events = await read(afterId);
    const last = events.at(-1);
    if (!last) return;
    yield events.map(line).join('');
    if (events.length < eventsPerChunk) return;
    afterId = last.id;
  }
}

function toView({ id, at, employeeId, action, outcome, detail, requestId }: AuditEvent): AuditView {
  const facts = JSON.parse(detail) as AuditView['detail'];
  return { id, at, employeeId, action, outcome, detail: facts, requestId };
}
