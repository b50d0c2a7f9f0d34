/**
 * The model gave nothing that can be worked with, or cannot be asked. `message` is for the person: what came, what
 * was kept, what to do. The drafts are untouched when it is thrown.
 */
export class NoUsableAnswer extends Error {
  override name = 'NoUsableAnswer';
}
