import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { z } from 'zod';

const described = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.object({ parameters: z.array(z.looseObject({})) }))),
});

/** Generates the part of the client that follows from the API description (OpenAPI 3.1 as JSON text). Returns the files by name. */
export async function generatedFiles(description: string): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['schema.ts', `${COMMENT_HEADER}${astToString(await openapiTS(description, { immutable: true }))}`],
    ['idempotent-operations.ts', idempotentOperations(description)],
  ]);
}

/** The operations that take an idempotency key. Types have no values, so the client could not tell them at run time. */
function idempotentOperations(description: string): string {
  const { paths } = described.parse(JSON.parse(description));
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { parameters }]) => parameters.some(({ name }) => name === 'Idempotency-Key'))
      .map(([method]) => `  '${method.toUpperCase()} ${path}',\n`),
  );
  return `${COMMENT_HEADER}/** The operations that take an idempotency key. */\nexport const IDEMPOTENT_OPERATIONS = [\n${operations.join('')}] as const;\n`;
}
