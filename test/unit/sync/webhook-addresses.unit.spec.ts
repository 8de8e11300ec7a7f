import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { addressIn, checkedLookup, isPublicAddress, type Resolve } from '../../../src/sync/webhooks/public-address.ts';

const NOT_PUBLIC: readonly (readonly [kind: string, ...addresses: string[]])[] = [
  ['of this network', '0.0.0.0', '0.1.2.3'],
  ['private (RFC 1918)', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1'],
  ['shared by a provider (CGNAT, RFC 6598)', '100.64.0.1', '100.100.100.200', '100.127.255.255'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['link-local', '169.254.0.1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  ['of the metadata service of a cloud', '169.254.169.254', 'fd00:ec2::254', '168.63.129.16'],
  ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1'],
  ['broadcast', '255.255.255.255'],
  ['reserved or for documentation', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '240.0.0.1'],
  ['unspecified', '::'],
  ['unique local or site-local', 'fc00::1', 'fdff::1', 'fec0::1'],
  ['of IPv4 in IPv6 (mapped)', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1'],
  ['of IPv4 in IPv6 (compatible)', '::127.0.0.1', '::7f00:1'],
  ['of IPv4 in IPv6 (translated)', '64:ff9b::7f00:1', '64:ff9b:1::1', '::ffff:0:127.0.0.1'],
  ['of IPv4 in IPv6 (tunnels)', '2002:7f00:1::', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['for documentation in IPv6', '2001:db8::1', '3fff::1'],
  ['to be discarded or outside of global unicast', '100::1', '5f00::1', '4000::1'],
  ['not an address', '', 'localhost', '127.1', '0x7f000001', '8.8.8', '2130706433'],
];

const PUBLIC = [
  '8.8.8.8',
  '1.1.1.1',
  '172.15.255.255',
  '172.32.0.1',
  '100.63.255.255',
  '100.128.0.1',
  '20.50.2.1',
  '2606:4700::1111',
  '2a00:1450:4001::1',
];

describe('an address is not public', () => {
  it.each(NOT_PUBLIC)('when it is %s', (_kind, ...addresses) => {
    expect(addresses.filter(isPublicAddress)).toEqual([]);
  });
});

it.each(PUBLIC)('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

describe('the host of a URL', () => {
  it.each([
    ['https://127.0.0.1/', '127.0.0.1'],
    ['https://127.1/', '127.0.0.1'],
    ['https://2130706433/', '127.0.0.1'],
    ['https://0x7f.0.0.1/', '127.0.0.1'],
    ['https://0177.0.0.1/', '127.0.0.1'],
    ['https://[::1]/', '::1'],
    ['https://[::ffff:10.0.0.1]/', '::ffff:a00:1'],
    ['https://①②⑦.0.0.1/', '127.0.0.1'],
  ])('%s is an address, in whatever notation', (url, address) => {
    expect(addressIn(new URL(url))).toBe(address);
  });

  it('is no address when it is a name', () => {
    expect(addressIn(new URL('https://partner.example/'))).toBeUndefined();
  });
});

describe('a name is resolved for a connection', () => {
  const resolvingTo =
    (...addresses: string[]): Resolve =>
    (_hostname, _options, callback) =>
      callback(
        null,
        addresses.map((address): LookupAddress => ({ address, family: isIP(address) })),
      );
  const lookup = (resolve: Resolve, all: boolean) =>
    new Promise((done) =>
      checkedLookup(resolve, isPublicAddress)('partner.example', { all }, (error, address, family) =>
        done(error ? error.message : [address, family]),
      ),
    );

  it('to all of its addresses, or to the first one', async () => {
    const resolve = resolvingTo('8.8.8.8', '2606:4700::1111');
    const addresses = [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ];
    expect(await lookup(resolve, true)).toEqual([addresses, undefined]);
    expect(await lookup(resolve, false)).toEqual(['8.8.8.8', 4]);
  });

  it.each([true, false])('and refused if only one of its addresses is not public (all: %s)', async (all) => {
    expect(await lookup(resolvingTo('8.8.8.8', '10.0.0.1'), all)).toBe('the address 10.0.0.1 is not public');
  });

  it('and refused if it has no address', async () => {
    expect(await lookup(resolvingTo(), true)).toBe('the host has no address');
  });

  it('and fails with the error of the resolver', async () => {
    const fails: Resolve = (_hostname, _options, callback) => callback(new Error('ENOTFOUND'), []);
    expect(await lookup(fails, true)).toBe('ENOTFOUND');
  });
});
