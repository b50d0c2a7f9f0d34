import { describe, expect, it } from 'vitest';
import type { MissingField } from '$lib/contracts/story';
import { extraFieldsFrom, typedFrom } from './extra-fields.ts';

const field = (fieldId: string, kind: MissingField['kind']): MissingField => ({
  fieldId,
  name: fieldId,
  kind,
  options: [],
});

describe('fields that Jira requires', () => {
  it('go out in the shape that Jira takes', () => {
    const missing = [
      field('team', 'select'),
      field('parts', 'multiselect'),
      field('days', 'number'),
      field('why', 'text'),
    ];
    const typed = { team: '10', parts: ['1', '2'], days: '2,5', why: ' audit ' };
    expect(extraFieldsFrom(missing, typed)).toEqual({
      fields: { team: { id: '10' }, parts: [{ id: '1' }, { id: '2' }], days: 2.5, why: 'audit' },
      empty: [],
    });
  });

  it('come back into the form as they went out', () => {
    const fields = { team: { id: '10' }, parts: [{ id: '1' }], days: 2.5, why: 'audit' };
    expect(typedFrom(fields)).toEqual({ team: '10', parts: ['1'], days: '2.5', why: 'audit' });
  });

  it('are named when they lack a usable value', () => {
    const missing = [field('team', 'select'), field('parts', 'multiselect'), field('days', 'number')];
    expect(extraFieldsFrom(missing, { parts: [], days: 'soon' })).toEqual({
      fields: {},
      empty: ['team', 'parts', 'days'],
    });
  });
});
