import { createHash } from 'node:crypto';
import { z } from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { defineCommand } from '../pipeline/command.ts';
import { prepareCustomerCommand } from './customer-handler.ts';

export const eraseCustomer = defineCommand({
  type: 'EraseCustomer',
  summary:
    'Permanently erases a customer’s name, email, phone and addresses everywhere. Orders and totals remain. With the setting `ERASURE_NEEDS_SECOND_PERSON`, an admin’s first call records a request, and the call of another admin erases.',
  roles: ['admin'],
  schema: z.strictObject({}),
  example: {},
  rejections: ['customer-not-found'],
  prepare: (_data, envelope, { erasureNeedsSecondPerson: needsSecondPerson }) => {
    const customerId = existingId(envelope);
    const requestedBy = hashOf(envelope.actor.userId);
    return prepareCustomerCommand(customerId, () => ({
      type: 'EraseCustomer',
      customerId,
      requestedBy,
      needsSecondPerson,
    }));
  },
});

/** SHA-256 in 64 hex digits. It fits into a column, however long the user id is. */
function hashOf(userId: string): string {
  return createHash('sha256').update(userId).digest('hex');
}
