import type { AuditRepository } from '../repositories/audit-repository.ts';
import { auditLink } from './audit-chain.ts';
import type { AuditService } from './services.ts';

interface AuditServiceDeps {
  repository: Pick<AuditRepository, 'append'>;
  auditKey: Buffer;
  clock: { now(): number };
  log: { error(detail: object, message: string): void };
}

/** For readiness: `healthy` is false from a write that failed until one succeeds. */
export type MonitoredAuditService = AuditService & { healthy(): boolean };

/** Writes who did what, when and under which request; each event chained to the one before. */
export function createAuditService({
  repository,
  auditKey,
  clock,
  log,
}: AuditServiceDeps): MonitoredAuditService {
  let healthy = true;

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
      try {
        repository.append(event, (placed, before) => auditLink(auditKey, placed, before));
        healthy = true;
      } catch (err) {
        healthy = false;
        // What would have been the row, so that the log keeps what the table could not.
        log.error(
          { err, user_id: userId, x_request_id: requestId, action, outcome, detail },
          'an audit event could not be written',
        );
      }
    },
    healthy: () => healthy,
  };
}
