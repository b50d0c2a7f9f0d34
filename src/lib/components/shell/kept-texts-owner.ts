const ownerKey = 'backlogue-owner';

/**
 * Forgets what the person before typed in this tab and never sent. Their own unsent texts outlive a session that ended,
 * so that they can go on after signing in again; nobody else may find them.
 */
export function forgetOthersTexts(storage: Storage, employeeId: string): void {
  if (storage.getItem(ownerKey) === employeeId) return;
  storage.clear();
  storage.setItem(ownerKey, employeeId);
}
