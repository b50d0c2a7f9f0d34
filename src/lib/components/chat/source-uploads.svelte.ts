import { postJson } from '../workspace/post-json.ts';
import { readSourceFiles, type SourceText } from './source-files.ts';

export interface SourceUpload {
  id: number;
  title: string;
  state: 'sending' | 'failed';
  /** Why it did not work. */
  sentence: string | null;
  source: SourceText | null;
}

export type SourceUploads = ReturnType<typeof createSourceUploads>;

/**
 * Texts on their way to becoming sources of a conversation. One that arrived is gone from here: the conversation
 * shows it. One that did not stays, with its text, until it is tried again or dropped.
 */
export function createSourceUploads(conversationId: string) {
  let uploads = $state.raw<readonly SourceUpload[]>([]);
  let lastId = 0;

  const drop = (id: number) => (uploads = uploads.filter((upload) => upload.id !== id));

  async function send(upload: SourceUpload) {
    const { id, source } = upload;
    if (!source) return;
    uploads = [
      ...uploads.filter((other) => other.id !== id),
      { ...upload, state: 'sending', sentence: null },
    ];
    const answer = await postJson(`/creator/${conversationId}/sources`, source);
    if (answer.ok) drop(id);
    else
      uploads = uploads.map((other) =>
        other.id === id ? { ...other, state: 'failed', sentence: answer.problem.message } : other,
      );
  }

  function add(source: SourceText) {
    void send({ id: ++lastId, title: source.title, state: 'sending', sentence: null, source });
  }

  return {
    get all() {
      return uploads;
    },
    add,
    drop,
    retry: (upload: SourceUpload) => void send(upload),
    async addFiles(files: Iterable<File>) {
      const { sources, refused } = await readSourceFiles(files);
      sources.forEach(add);
      uploads = [
        ...uploads,
        ...refused.map((sentence) => ({
          id: ++lastId,
          title: '',
          state: 'failed' as const,
          sentence,
          source: null,
        })),
      ];
    },
  };
}
