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

const described = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), z.json()) }),
});

const { paths, components } = described.parse(JSON.parse(readFileSync(OPEN_API_FILE, 'utf8')));

/** An operation as the published description has it. */
export interface PublishedOperation extends z.output<typeof operation> {
  readonly method: string;
  readonly path: string;
}

export const publishedOperations: readonly PublishedOperation[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, entry]) => ({ ...entry, method: method.toUpperCase(), path })),
);

/** The media types that an answer may have by the description, each with the schema of its body if there is one. */
export function publishedAnswer({ responses }: PublishedOperation, status: number): ReadonlyMap<string, z.ZodType> {
  const answers = Object.entries(responses[status]?.content ?? {});
  return new Map(answers.map(([mediaType, { schema = {} }]) => [mediaType, toZod(schema)]));
}

function toZod(schema: Readonly<Record<string, z.core.util.JSONType>>): z.ZodType {
  const whole = JSON.stringify({ ...schema, $defs: components.schemas });
  return z.fromJSONSchema(JSON.parse(whole.replaceAll('"#/components/schemas/', '"#/$defs/')));
}
