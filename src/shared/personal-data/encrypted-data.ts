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
    'The values of the fields that contain "[erased]" in this event. Only the data key of the customer decrypts them.',
  );
