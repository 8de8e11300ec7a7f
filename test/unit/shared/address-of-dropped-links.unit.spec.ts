import { Receiver } from 'rhea-promise';
import { expect, it } from 'vitest';
import { allowAddressOfDroppedLinks } from '../../../src/shared/event-hubs/address-of-dropped-links.ts';

/** A link whose other side has answered with this source, or not at all. */
const linkWith = (source: { readonly address: string } | undefined): Receiver =>
  Object.create(Receiver.prototype, { source: { value: source } });

it('lets the Event Hubs SDK read the address of a link without a source, and does not change other addresses', () => {
  allowAddressOfDroppedLinks();
  expect(linkWith(undefined).address).toBeUndefined();
  expect(linkWith({ address: '$management' }).address).toBe('$management');
});
