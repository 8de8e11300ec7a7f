import { z } from 'zod';

/** The personal data of an event, encrypted with the customer's data key (envelope encryption). */
export const encryptedPersonalData = z
  .strictObject({
    customerId: z.string().min(1),
    ciphertext: z
      .base64()
      .describe(
        'AES-256-GCM over {data?, order?, customer?}: initialization vector (12 bytes), ciphertext, tag (16 bytes).',
      ),
  })
  .describe(
    'The fields that "[erased]" stands for in this event; whoever holds the data key of the customer can read them.',
  );
