import type { ModelFinding } from '../../contracts/model-check.ts';
import type { UsageView } from '../../contracts/usage.ts';
import type { Actor } from './services.ts';

export interface ModelUsageService {
  /** What the person used of the model. */
  mine(actor: Actor): Promise<UsageView>;
  /** What all people used together; for administrators only. */
  everybody(actor: Actor): Promise<UsageView>;
}

export interface ModelCheckService {
  /**
   * Asks the model, with the person's own credential, for everything that the agent will ask of it; findings come as
   * they are made. Throws BusyError `check_running` at once while the person's last one runs. Ends with the signal.
   */
  run(actor: Actor, signal: AbortSignal): AsyncIterable<ModelFinding>;
}
