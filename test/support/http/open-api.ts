import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { OPEN_API_FILE } from '../../../scripts/generate/open-api.ts';

const content = z.record(
  z.string(),
  z.object({
    schema: z.record(z.string(), z.json()).optional(),
    examples: z.record(z.string(), z.object({ value: z.json().optional() })).optional(),
  }),
);

const operation = z.object({
  operationId: z.string(),
  'x-roles': z.array(z.string()),
  parameters: z.array(
    z.object({
      name: z.string().optional(),
      in: z.string().optional(),
      example: z.string().optional(),
      schema: z.object({ examples: z.array(z.string()).optional() }).optional(),
    }),
  ),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content: content.optional() })),
});

const described = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** The published OpenAPI document. */
export const apiDescription: object = JSON.parse(readFileSync(OPEN_API_FILE, 'utf8'));

const { paths } = described.parse(apiDescription);

/** An operation in the published OpenAPI document. */
export interface PublishedOperation extends z.output<typeof operation> {
  readonly method: string;
  readonly path: string;
}

export const publishedOperations: readonly PublishedOperation[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, entry]) => ({ ...entry, method: method.toUpperCase(), path })),
);

/** Throws when the description has no such operation. */
export function publishedOperation(operationId: string): PublishedOperation {
  const found = publishedOperations.find((operation) => operation.operationId === operationId);
  if (found === undefined) throw new Error(`The description has no ${operationId}.`);
  return found;
}
