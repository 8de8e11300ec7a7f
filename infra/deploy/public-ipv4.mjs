// Exits with 1 unless the argument is one public IPv4 address: no range, no name, and none of the addresses that are not reachable from the
// internet (https://www.iana.org/assignments/iana-ipv4-special-registry). 0.0.0.0 is among them, which would let all of Azure in.
import { BlockList, isIPv4 } from 'node:net';

const NOT_PUBLIC = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3], // multicast, reserved, broadcast
];

const blocked = new BlockList();
for (const [network, prefix] of NOT_PUBLIC) blocked.addSubnet(network, prefix);

const [address = ''] = process.argv.slice(2);
process.exitCode = isIPv4(address) && !blocked.check(address) ? 0 : 1;
