import * as z from 'zod';
import { existingId } from '../http/aggregate-id.ts';
import { defineCommand } from '../pipeline/command.ts';
import { sha256Hex } from '../pipeline/sha256-hex.ts';
import { prepareCustomerCommand } from './customer-handler.ts';

export const eraseCustomer = defineCommand({
  type: 'EraseCustomer',
  summary:
    'Permanently erases a customer’s name, email, phone and addresses everywhere. Orders and totals remain. With the setting `ERASURE_NEEDS_SECOND_PERSON`, the first admin’s call only records a request, and the call of another admin erases.',
  roles: ['admin'],
  schema: z.strictObject({}),
  example: {},
  rejections: ['customer-not-found'],
  prepare: (_data, envelope, { erasureNeedsSecondPerson: needsSecondPerson }) => {
    const customerId = existingId(envelope);
    const requestedBy = sha256Hex(envelope.actor.userId);
    return prepareCustomerCommand(customerId, () => ({
      type: 'EraseCustomer',
      customerId,
      requestedBy,
      needsSecondPerson,
    }));
  },
});
