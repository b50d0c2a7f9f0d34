import type { AuditRepository } from '../repositories/audit-repository.ts';
import { createAuditBacklog } from './audit-backlog.ts';
import { auditLink } from './audit-chain.ts';
import type { AuditEntry, AuditService } from './services.ts';

type NewEvent = Parameters<AuditRepository['append']>[0] & { requestId: string };

interface AuditServiceDeps {
  repository: Pick<AuditRepository, 'append'>;
  auditKey: Buffer;
  clock: { now(): number };
  log: { info(detail: object, message: string): void; error(detail: object, message: string): void };
  /** Counts what happened. */
  count(action: string, outcome: string): void;
}

const lostAction = 'audit.event_lost';

export type MonitoredAuditService = AuditService & {
  /** For readiness: false from a write that failed until everything is written. */
  healthy(): boolean;
  /** Writes what could not be written before, if it can be now. */
  catchUp(): void;
};

/**
 * The one way to tell of an event: it is written into the audit log (who did what, when and under which request; each
 * event chained to the one before), counted, and a line in the log.
 */
export function createAuditService({
  repository,
  auditKey,
  clock,
  log,
  count,
}: AuditServiceDeps): MonitoredAuditService {
  const backlog = createAuditBacklog<NewEvent>({
    write: (event) => repository.append(event, (placed, before) => auditLink(auditKey, placed, before)),
    // What would have been the row: the process may end before it can be written.
    onKept: (event, err) => log.error({ err, ...lineOf(event) }, 'an audit event could not be written'),
    onGivenUp(event) {
      log.error(lineOf(event), 'an audit event was given up');
      if (event.action === lostAction) return;
      // The log itself says that something is missing, and what.
      const detail = { action: event.action, at: new Date(event.at).toISOString() };
      tell(event, { action: lostAction, outcome: 'failed', detail });
    },
  });

  return {
    record: tell,
    healthy: backlog.isEmpty,
    catchUp: backlog.catchUp,
  };

  function tell(
    { userId, employeeId, requestId }: Parameters<AuditService['record']>[0],
    { action, outcome, detail = {} }: AuditEntry,
  ): void {
    log.info({ user_id: userId, x_request_id: requestId, action, outcome }, 'Event');
    count(action, outcome);
    backlog.write({
      at: clock.now(),
      userId,
      employeeId,
      action,
      outcome,
      detail: JSON.stringify(detail),
      requestId,
    });
  }
}

function lineOf({ userId, requestId, action, outcome, detail }: NewEvent) {
  return {
    user_id: userId,
    x_request_id: requestId,
    action,
    outcome,
    detail: JSON.parse(detail) as NonNullable<AuditEntry['detail']>,
  };
}
