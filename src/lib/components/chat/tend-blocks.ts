import { copyText } from '$lib/components/ui/copy-text';

const COPIED_FOR_MS = 1_600;

/** Gives code blocks a button that copies them, and what scrolls sideways a place in the order of Tab. */
export function tendBlocks(container: HTMLElement): void {
  for (const code of container.querySelectorAll('pre')) {
    code.tabIndex = 0;
    const block = document.createElement('div');
    block.className = 'code-block';
    code.replaceWith(block);
    block.append(
      code,
      copyButton(() => code.textContent),
    );
  }
  for (const table of container.querySelectorAll('table'))
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
}

function copyButton(read: () => string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy-code needs-script';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', 'Copy the code');
  button.addEventListener('click', async () => {
    if (!(await copyText(read()))) return;
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), COPIED_FOR_MS);
  });
  return button;
}
