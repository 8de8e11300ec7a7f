import { describe, expect, it } from 'vitest';
import { isAllowedHost, isAllowedOrigin } from '../../../local/allowed-hosts.ts';

const isAllowed = (host: string | undefined, allowed?: string) => isAllowedHost({ headers: { host } }, allowed);

describe('the host names under which the servers on this machine answer', () => {
  it.each(['localhost', 'localhost:7071', 'LOCALHOST:1', '127.0.0.1', '127.0.0.1:8081', '[::1]', '[::1]:10000'])(
    'include %s',
    (host) => {
      expect(isAllowed(host, '')).toBe(true);
    },
  );

  it.each([
    'attacker.example',
    'attacker.example:7071',
    'localhost.attacker.example',
    'attacker.example:localhost',
    '127.0.0.1.attacker.example:8081',
    'devstoreaccount1.attacker.example:10000',
    '192.168.1.7:7071',
    '0.0.0.0:7071',
    '',
    ':7071',
  ])('do not include %s', (host) => {
    expect(isAllowed(host, '')).toBe(false);
  });

  it('include those of the setting', () => {
    expect(['orders.test:7071', 'DevBox', 'other.test'].map((host) => isAllowed(host, 'orders.test,devbox'))).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('do not matter to a client that sends none, which is no browser', () => {
    expect(isAllowed(undefined)).toBe(true);
  });
});

describe('the origins of the web pages that may open a WebSocket on this machine', () => {
  const isAllowedPage = (origin: string | undefined, allowed = '') => isAllowedOrigin({ headers: { origin } }, allowed);

  it.each(['http://localhost:7071', 'https://127.0.0.1', 'http://[::1]:4280', 'HTTP://LOCALHOST'])(
    'include %s',
    (origin) => {
      expect(isAllowedPage(origin)).toBe(true);
    },
  );

  it.each([
    'https://attacker.example',
    'http://localhost.attacker.example:7071',
    'http://localhost@attacker.example',
    'http://192.168.1.7:7071',
    'null',
    'localhost',
    'file://',
    '',
  ])('do not include %s', (origin) => {
    expect(isAllowedPage(origin)).toBe(false);
  });

  it('include those of the setting', () => {
    expect([isAllowedPage('https://orders.test', 'orders.test'), isAllowedPage('https://orders.test')]).toEqual([
      true,
      false,
    ]);
  });

  it('do not matter to a client that sends none, which is no browser', () => {
    expect(isAllowedPage(undefined)).toBe(true);
  });
});
