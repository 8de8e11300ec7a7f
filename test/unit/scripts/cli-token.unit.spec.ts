import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDevelopmentIssuer } from '../../../local/development-issuer.ts';
import { findToken } from '../../../scripts/cli/token.ts';

const LOCAL = 'http://localhost:7071/api';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'data-'));
  await openDevelopmentIssuer(join(data, 'development-issuer'));
});
afterAll(() => rm(data, { recursive: true }));

const find = (sources: Partial<Parameters<typeof findToken>[0]>) =>
  findToken({ fromCommandLine: undefined, fromEnvironment: undefined, url: LOCAL, data, ...sources });

describe('the token of a command', () => {
  it('is taken from the command line first', async () => {
    expect(await find({ fromCommandLine: 'typed', fromEnvironment: 'set' })).toBe('typed');
  });

  it('is taken from the environment otherwise', async () => {
    expect(await find({ fromEnvironment: ' set\n' })).toBe('set');
  });

  it('is undefined when the given token cannot be sent in a header', async () => {
    expect(await find({ fromCommandLine: 'two words' })).toBeUndefined();
  });

  it.each([LOCAL, 'http://127.0.0.1:7071/api', 'http://[::1]:7071/api'])(
    'is issued for the local address %s',
    async (url) => {
      expect(decodeJwt((await find({ url })) ?? '').roles).toEqual(['admin']);
    },
  );

  it.each(['https://orders.example.com/api', 'http://localhost.example.com/api', 'http://127.example.com/api'])(
    'is not issued for the remote address %s',
    async (url) => {
      expect(await find({ url })).toBeUndefined();
    },
  );

  it('is not issued from a folder in which the system has never run', async () => {
    expect(await find({ data: join(data, 'other') })).toBeUndefined();
  });
});
