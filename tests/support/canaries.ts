import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A canary that was found, and where. */
export interface Sighting {
  name: string;
  where: string;
}

/** Looks for secrets as they are, and as they stand in JSON, URLs and Basic credentials. */
export function createCanaryWatch() {
  const canaries = new Map<string, string>();

  function seenIn(content: Buffer, where: string): Sighting[] {
    return [...canaries].flatMap(([name, secret]) =>
      spellings(secret).some((spelling) => content.includes(spelling)) ? [{ name, where }] : [],
    );
  }

  return {
    /** Names a secret that must turn up nowhere, and gives it back. */
    release(name: string, secret: string): string {
      canaries.set(name, secret);
      return secret;
    },
    count: () => canaries.size,
    inText: (text: string, where: string) => seenIn(Buffer.from(text), where),
    /** Every byte of every file below a folder: write-ahead logs and freed pages too. */
    inFolder: (folder: string): Sighting[] =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .flatMap((file) => seenIn(readFileSync(file), file.slice(folder.length))),
  };
}

function spellings(secret: string): string[] {
  const encoded = [0, 1, 2].map((offset) =>
    // Base64 has three alignments; what belongs to neighbouring bytes is cut off.
    Buffer.from(`${' '.repeat(offset)}${secret}`)
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  );
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...encoded];
}
