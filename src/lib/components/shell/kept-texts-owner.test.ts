import { describe, expect, it } from 'vitest';
import { forgetOthersTexts } from './kept-texts-owner';

describe('Unsent texts of a tab', () => {
  it('are there again when the same person signs in, and gone for anybody else', () => {
    const storage = memoryStorage();
    forgetOthersTexts(storage, 'E1');
    storage.setItem('draft', 'Customers should');
    forgetOthersTexts(storage, 'E1');
    expect(storage.getItem('draft')).toBe('Customers should');
    forgetOthersTexts(storage, 'E2');
    expect(storage.getItem('draft')).toBeNull();
  });
});

function memoryStorage(): Storage {
  const texts = new Map<string, string>();
  return {
    get length() {
      return texts.size;
    },
    key: (index) => [...texts.keys()][index] ?? null,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
    clear: () => texts.clear(),
  };
}
