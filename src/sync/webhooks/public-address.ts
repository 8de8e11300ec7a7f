import type { LookupAddress, LookupOptions } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Public addresses at which a service of the platform answers to every machine in it. */
const OF_THE_PLATFORM: ReadonlySet<string> = new Set([
  // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  '168.63.129.16',
]);

/** The only addresses of IPv6 that are global unicast (https://www.iana.org/assignments/ipv6-address-space). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * True for an address on the internet. False for private, loopback, link-local (where clouds have their metadata service), shared
 * (CGNAT), multicast, documentation and other reserved addresses, and for IPv6 addresses that contain an IPv4 address,
 * because a translator decides where they lead.
 * @param text an IPv4 or IPv6 address; anything else is not public
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || OF_THE_PLATFORM.has(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}

/** The address of a partner is not on the internet. */
export class AddressRefused extends Error {
  constructor(address: string) {
    super(`the address ${address} is not public`);
    this.name = 'AddressRefused';
  }
}

/** Resolves a host name to its addresses, as `dns.lookup` does. */
export type Resolve = (
  hostname: string,
  options: LookupOptions & { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for connections, which refuses a name if any of its addresses is not allowed. The connection goes to the addresses that
 * were checked, so a name that changes its address in between (DNS rebinding) gains nothing.
 */
export function checkedLookup(resolve: Resolve, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const fault = error ?? faultOf(addresses, isAllowed);
      if (fault) callback(fault, '');
      else if (options.all) callback(null, addresses);
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
    });
  };
}

function faultOf(addresses: readonly LookupAddress[], isAllowed: (address: string) => boolean): Error | undefined {
  if (addresses.length === 0) return new Error('the host has no address');
  const refused = addresses.find(({ address }) => !isAllowed(address));
  return refused && new AddressRefused(refused.address);
}

/** The address in a URL whose host is an address, which is connected to without a lookup; undefined for a name. */
export function addressIn({ hostname }: URL): string | undefined {
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? undefined : host;
}
