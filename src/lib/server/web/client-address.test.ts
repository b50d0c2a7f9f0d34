import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address.ts';

const forwarded = (value: string) => new Headers({ 'x-forwarded-for': value });

describe('The address of a client', () => {
  it('is that of the connection without a proxy, whatever a header claims', () => {
    expect(clientAddress(forwarded('10.0.0.9'), '203.0.113.5', 0)).toBe('203.0.113.5');
  });

  it('is what the outermost trusted proxy saw', () => {
    expect(clientAddress(forwarded('203.0.113.5'), '127.0.0.1', 1)).toBe('203.0.113.5');
    expect(clientAddress(forwarded('203.0.113.5, 10.0.0.2'), '127.0.0.1', 2)).toBe('203.0.113.5');
  });

  it('is never what a client put in front', () => {
    expect(clientAddress(forwarded('1.2.3.4, 203.0.113.5'), '127.0.0.1', 1)).toBe('203.0.113.5');
  });

  it('is that of the connection when fewer proxies wrote than were promised', () => {
    expect(clientAddress(new Headers(), '127.0.0.1', 1)).toBe('127.0.0.1');
    expect(clientAddress(forwarded('203.0.113.5'), '127.0.0.1', 2)).toBe('127.0.0.1');
  });
});
