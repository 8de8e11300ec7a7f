import * as z from 'zod';

/** Base64 (RFC 4648, section 4), with the prefix of its scheme. */
const CIPHERTEXT = /^(?:v2:)?(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The personal data of an event, encrypted with the customer's data key (envelope encryption). */
export const encryptedPersonalData = z
  .strictObject({
    customerId: z.string().min(1),
    keyId: z.string().min(1).describe("Id of the customer's data key. Absent in older events.").optional(),
    ciphertext: z
      .string()
      .regex(CIPHERTEXT)
      .describe(
        '`v2:`, then Base64 of the initialization vector (12 bytes), the ciphertext and the tag (16 bytes): AES-256-GCM over the values, as a JSON object of the same shape as the event. Older events have no prefix.',
      ),
  })
  .describe(
    'The values of the fields that contain "[erased]" in this event. Only the data key of the customer decrypts them.',
  );
export type EncryptedPersonalData = Readonly<z.output<typeof encryptedPersonalData>>;
