import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deploy, runHook, steps } from '../../support/infra/deploy.ts';
import { FILES, ROOT } from '../../support/infra/snapshots.ts';

/** Refuses the first connection, as Azure SQL does, and takes the next one. */
const refuseOnce = (address: string) =>
  `if [ -e "$(dirname "$0")/open" ]; then true; else touch "$(dirname "$0")/open"; echo "Cannot open server 'sql-orders' requested by the login. Client with IP address '${address}' is not allowed to access the server." >&2; exit 1; fi`;

const rulesOf = (calls: readonly string[]) =>
  calls.flatMap((call) => /--start-ip-address (\S+) --end-ip-address (\S+)/.exec(call)?.slice(1, 3) ?? []);

describe('the firewall of the write database', () => {
  it('lets in the one address that DEPLOYER_IP names', async () => {
    const { code, calls } = await deploy({}, [], { DEPLOYER_IP: '20.76.10.7' });

    expect(code).toBe(0);
    expect(rulesOf(calls)).toEqual(['20.76.10.7', '20.76.10.7']);
  });

  it('lets in the address that the database server itself has refused', async () => {
    const { code, calls } = await deploy({ migrate: refuseOnce('20.76.10.8') }, [], { DEPLOYER_IP: '' });

    expect(code).toBe(0);
    expect(rulesOf(calls)).toEqual(['20.76.10.8', '20.76.10.8']);
    expect(steps(calls)).toContain('az sql server firewall-rule delete');
  });

  it('adds no firewall rule when the database server refuses no connection', async () => {
    const { code, calls } = await deploy({}, [], { DEPLOYER_IP: '' });

    expect(code).toBe(0);
    expect(steps(calls).join('\n')).not.toContain('firewall-rule');
  });

  it('asks no web page for the address', async () => {
    const { calls } = await deploy({ migrate: refuseOnce('20.76.10.8') }, [], { DEPLOYER_IP: '' });
    const hosts = calls.flatMap((call) => [...call.matchAll(/^curl .*https:\/\/([^/ ]+)/g)].map(([, host]) => host));

    expect(
      hosts.filter((host) => !/^(func-orders-\w+-abc\.scm\.|apim-orders\.azure-api\.net$)/.test(host ?? '')),
    ).toEqual([]);
  });

  it.each(['0.0.0.0', '10.0.0.1', '', '20.76.10.8/16'])(
    'lets in nobody when the server names "%s"',
    async (address) => {
      const { code, calls, output } = await deploy({ migrate: refuseOnce(address) }, [], { DEPLOYER_IP: '' });

      expect(code).toBe(1);
      expect(rulesOf(calls)).toEqual([]);
      expect(output).toContain(`must be one public IPv4 address, and is '${address}'`);
    },
  );
});

describe('DEPLOYER_IP', () => {
  const WRONG = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.31.255.255',
    '192.168.1.1',
    '224.0.0.1',
    '255.255.255.255',
    '20.76.10.0/24',
    '20.76.10.7-20.76.10.9',
    '20.76.10',
    '020.76.10.7',
    '2603:1020::1',
    'example.com',
    '20.76.10.7 --end-ip-address 255.255.255.255',
  ];

  it.each(WRONG)('cannot be "%s", which is refused before Azure is asked for anything', async (address) => {
    const { code, calls, output } = await deploy({}, [], { DEPLOYER_IP: address });

    expect({ code, calls }).toEqual({ code: 1, calls: [] });
    expect(output).toContain('DEPLOYER_IP must be one public IPv4 address');
  });

  it.each(['preprovision', 'postprovision'])('is also checked by the hook %s of azd', async (hook) => {
    const { code, calls, output } = await runHook(hook, {}, { DEPLOYER_IP: '0.0.0.0' });

    expect(code).toBe(1);
    expect(rulesOf(calls)).toEqual([]);
    expect(output).toContain('DEPLOYER_IP must be one public IPv4 address');
  });
});

it('no deployment script asks a web page for its own address', () => {
  const scripts = readdirSync(join(ROOT, 'infra'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(sh|mjs)$/.test(path))
    .map((path) => readFileSync(join(ROOT, 'infra', path), 'utf8'));

  expect(scripts.length).toBeGreaterThan(8);
  expect([...scripts, ...FILES.values()].join('\n')).not.toMatch(/ipify|ifconfig\.|icanhazip|checkip|ipinfo\.io/);
});
