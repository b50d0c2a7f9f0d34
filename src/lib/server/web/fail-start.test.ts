import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { exitCodes } from '../../../../scripts/setup-error.mjs';
import { AppError } from '../errors/app-error.ts';
import { failStart } from './fail-start.ts';

let said: string;
beforeEach(() => {
  said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const codeFor = (error: unknown): number => {
  let ended = -1;
  failStart(error, ((code: number) => void (ended = code)) as (code: number) => never);
  return ended;
};

it.each([
  ['port_taken', exitCodes.portUnavailable],
  ['port_denied', exitCodes.portUnavailable],
  ['config_invalid', exitCodes.configurationBroken],
  ['setting_invalid', exitCodes.configurationBroken],
  ['data_folder_unusable', exitCodes.dataFolderUnusable],
  ['database_damaged', exitCodes.databaseUnusable],
  ['database_too_new', exitCodes.databaseUnusable],
  ['storage_full', exitCodes.databaseUnusable],
  ['keyring_missing', exitCodes.keysUnusable],
  ['something_else', 1],
])('A start that fails with %s says so in its own words and ends with %i', (code, exitCode) => {
  expect(codeFor(new AppError(code, 'What is in the way.', { hint: 'What to do.' }))).toBe(exitCode);
  expect(said).toBe('What is in the way.\nWhat to do.\n');
});

it('A fault of ours keeps its stack', () => {
  const fault = new TypeError('undefined is not a function');
  expect(() => failStart(fault)).toThrow(fault);
});
