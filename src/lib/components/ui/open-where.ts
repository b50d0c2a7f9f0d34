/**
 * The attribute of `<details>` that has to stand open, to be spread. Where it need not, nothing is said at all: a plain
 * `open={false}` would close, once the scripts run, what somebody opened while they were loading.
 */
export function openWhere(mustBeOpen: boolean): { open?: true } {
  return mustBeOpen ? { open: true } : {};
}
