import { describe, expect, it } from 'vitest';
import { InvalidError } from '../errors/app-error.ts';
import { settingVariables } from './setting-variables.ts';
import { readSettings } from './settings.ts';

describe('Settings', () => {
  it('need no variable at all: the defaults are loopback, practice ports and twenty minutes', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      nodeEnv: 'production',
      host: '127.0.0.1',
      port: 3000,
      socketPort: 3001,
      origin: 'http://localhost:3000',
      socketOrigin: null,
      sessionMinutes: 20,
      sessionAbsoluteHours: 12,
      trustProxy: 0,
      otlpEndpoint: null,
    });
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it('put the key file beside the data folder, never into it', () => {
    const { dataDir, keyFile } = readSettings({ DATA_DIR: '/srv/backlogue/data' });
    expect(dataDir).toBe('/srv/backlogue/data');
    expect(keyFile).toBe('/srv/backlogue/data-keys/backlogue.key');
    expect(keyFile.startsWith(`${dataDir}/`)).toBe(false);
  });

  it('send the channel through the same origin when a proxy serves https', () => {
    expect(readSettings({ ORIGIN: 'https://backlogue.example.com' }).socketOrigin).toBe(
      'https://backlogue.example.com',
    );
    expect(
      readSettings({ ORIGIN: 'http://localhost:3000', SOCKET_ORIGIN: 'http://localhost:3009' }).socketOrigin,
    ).toBe('http://localhost:3009');
  });

  it('treat an empty variable as unset', () => {
    expect(readSettings({ PORT: '', LOG_LEVEL: '  ' })).toMatchObject({ port: 3000, logLevel: 'info' });
  });

  it.each([
    ['PORT', 'eighty', 'PORT is "eighty"; it must be a port from 0 to 65535.'],
    ['PORT', '70000', 'PORT is "70000"; it must be a port from 0 to 65535.'],
    ['SESSION_MINUTES', '25', 'SESSION_MINUTES is "25"; it must be 15, 20 or 30.'],
    ['ROLE', 'worker', 'ROLE is "worker"; it must be one of all, web, jobs.'],
    ['BCRYPT_COST', '4', 'BCRYPT_COST is "4"; it must be a whole number from 10 to 15.'],
    [
      'ORIGIN',
      'https://backlogue.example.com/',
      'ORIGIN is "https://backlogue.example.com/"; it must be an origin such as https://backlogue.example.com, without a path or a trailing slash.',
    ],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'collector:4318',
      'OTEL_EXPORTER_OTLP_ENDPOINT is "collector:4318"; it must be a URL that starts with http:// or https://.',
    ],
  ])('refuse %s=%s in one sentence', (name, value, sentence) => {
    expect(() => readSettings({ [name]: value })).toThrow(new InvalidError('setting_invalid', sentence));
  });

  it('name everything that is wrong at once', () => {
    expect(() => readSettings({ PORT: 'x', ROLE: 'y' })).toThrow(/PORT is "x".*ROLE is "y"/);
  });

  it('describe every variable in a sentence', () => {
    for (const [name, { description, defaultText }] of Object.entries(settingVariables)) {
      expect(description, name).toMatch(/^[A-Z].*\.$/s);
      expect(defaultText, name).not.toBe('');
    }
  });
});
