import type { Problem } from '$lib/contracts/problem';

export interface Toast {
  id: number;
  tone: 'good' | 'info' | 'bad';
  message: string;
  hint?: string | undefined;
  requestId?: string | undefined;
  action?: { label: string; run: () => void };
}

/** Long enough to read a sentence twice. Problems stay until they are closed. */
const SHOWN_FOR_MS = 6_000;
const MOST_AT_ONCE = 4;

let shown = $state<Toast[]>([]);
let lastId = 0;

/** The toasts on the screen, oldest first. */
export const toasts = {
  get shown(): readonly Toast[] {
    return shown;
  },
};

/** Shows a sentence at the edge of the screen and has it announced. */
export function notify(message: string, options: { tone?: 'good' | 'info'; action?: Toast['action'] } = {}) {
  const toast = add({
    tone: options.tone ?? 'good',
    message,
    ...(options.action && { action: options.action }),
  });
  setTimeout(() => dismiss(toast.id), SHOWN_FOR_MS);
}

/** Shows a problem that belongs to no form; it stays until the person closes it. */
export function notifyProblem(problem: Pick<Problem, 'message' | 'hint' | 'requestId'>) {
  add({ tone: 'bad', message: problem.message, hint: problem.hint, requestId: problem.requestId });
}

export function dismiss(id: number) {
  shown = shown.filter((toast) => toast.id !== id);
}

function add(toast: Omit<Toast, 'id'>): Toast {
  const added = { ...toast, id: ++lastId };
  shown = [...shown, added].slice(-MOST_AT_ONCE);
  return added;
}
