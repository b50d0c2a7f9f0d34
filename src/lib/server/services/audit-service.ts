import type { AuditRepository } from '../repositories/audit-repository.ts';
import { auditLink } from './audit-chain.ts';
import type { AuditService } from './services.ts';

type NewEvent = Parameters<AuditRepository['append']>[0];

interface AuditServiceDeps {
  repository: Pick<AuditRepository, 'append'>;
  auditKey: Buffer;
  clock: { now(): number };
  log: { info(detail: object, message: string): void; error(detail: object, message: string): void };
  /** Counts what happened. */
  count(action: string, outcome: string): void;
}

export type MonitoredAuditService = AuditService & {
  /** For readiness: false from a write that failed until everything is written. */
  healthy(): boolean;
  /** Writes what could not be written before, if it can be now. */
  catchUp(): void;
};

/** What is kept in memory while nothing can be written: hours of a full disk, in which hardly anything can be done. */
const mostWaiting = 10_000;

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
  const waiting: NewEvent[] = [];

  return {
    record({ userId, employeeId, requestId }, { action, outcome, detail = {} }) {
      const event = {
        at: clock.now(),
        userId,
        employeeId,
        action,
        outcome,
        detail: JSON.stringify(detail),
        requestId,
      };
      log.info({ user_id: userId, x_request_id: requestId, action, outcome }, 'Event');
      count(action, outcome);
      try {
        writeWaiting();
        write(event);
      } catch (err) {
        if (waiting.length < mostWaiting) waiting.push(event);
        // What would have been the row: the process may end before it can be written.
        log.error(
          { err, user_id: userId, x_request_id: requestId, action, outcome, detail },
          'an audit event could not be written',
        );
      }
    },
    healthy: () => waiting.length === 0,
    catchUp: writeWaiting,
  };

  function writeWaiting(): void {
    for (let event = waiting[0]; event; event = waiting[0]) {
      write(event);
      waiting.shift();
    }
  }

  function write(event: NewEvent): void {
    repository.append(event, (placed, before) => auditLink(auditKey, placed, before));
  }
}
