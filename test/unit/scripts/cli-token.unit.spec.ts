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
  it("is the command line's", async () => {
    expect(await find({ fromCommandLine: 'typed', fromEnvironment: 'set' })).toBe('typed');
  });

  it("is the environment's otherwise", async () => {
    expect(await find({ fromEnvironment: ' set\n' })).toBe('set');
  });

  it('is none when what is given cannot be sent', async () => {
    expect(await find({ fromCommandLine: 'two words' })).toBeUndefined();
  });

  it.each([LOCAL, 'http://127.0.0.1:7071/api', 'http://[::1]:7071/api'])('is made for %s', async (url) => {
    expect(decodeJwt((await find({ url })) ?? '').roles).toEqual(['admin']);
  });

  it.each(['https://orders.example.com/api', 'http://localhost.example.com/api', 'http://127.example.com/api'])(
    'is not made for %s',
    async (url) => {
      expect(await find({ url })).toBeUndefined();
    },
  );

  it('is not made where the system has never run', async () => {
    expect(await find({ data: join(data, 'other') })).toBeUndefined();
  });
});
