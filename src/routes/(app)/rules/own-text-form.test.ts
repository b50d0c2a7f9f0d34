import { describe, expect, it } from 'vitest';
import { readFormatForm, readPromptForm } from './own-text-form.ts';

function form(fields: Record<string, string>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) data.append(name, value);
  return data;
}

const typed = {
  id: '',
  name: ' Wards ',
  kind: 'custom',
  instructions: 'A.\r\nB.',
  sections: 'Why\r\n\r\n What',
};

describe('the form of a format', () => {
  it('reads one section a line', () => {
    expect(readFormatForm(form(typed))).toEqual({
      id: null,
      format: { name: 'Wards', kind: 'custom', instructions: 'A.\nB.', sections: ['Why', 'What'] },
    });
  });

  it('keeps sections for the kind that has them', () => {
    expect(readFormatForm(form({ ...typed, kind: 'bdd', id: 'my-01' }))).toMatchObject({
      id: 'my-01',
      format: { kind: 'bdd', sections: [] },
    });
  });

  it.each([
    ['name', { name: ' ' }],
    ['instructions', { instructions: 'x'.repeat(4_001) }],
    ['sections', { sections: '' }],
    ['sections.1', { sections: `Why\n${'x'.repeat(61)}` }],
  ])('says beside %s what it takes', (field, change) => {
    expect(() => readFormatForm(form({ ...typed, ...change }))).toThrow(
      expect.objectContaining({ code: 'form_invalid', fields: { [field]: expect.any(String) as string } }),
    );
  });

  it('never takes the id of a shared one', () => {
    expect(() => readFormatForm(form({ ...typed, id: 'classic' }))).toThrow(
      expect.objectContaining({ code: 'form_invalid' }),
    );
  });
});

describe('the form of a prompt', () => {
  it('counts a line end once, as the limit does', () => {
    const text = 'x\r\n'.repeat(1_999) + 'x';
    expect(readPromptForm(form({ name: 'Long', text })).prompt.text).toHaveLength(3_999);
  });
});
