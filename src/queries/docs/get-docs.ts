import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { HttpFunction } from '../../shared/functions/app-function.ts';
import { anonymousOperation } from '../../shared/http/authenticated-operation.ts';
import { pageHeaders } from '../../shared/http/page-headers.ts';
import { validate } from '../../shared/http/validate.ts';
import type { QueriesApp } from '../app.ts';

/** The files are next to the bundle, where `npm run build` puts them, so that they do not slow down a cold start. */
const file = (name: string) => readFile(join(__dirname, 'docs', name));

const anonymous = { method: 'GET', roles: [], problems: [] } as const;

export function getOpenApi(app: QueriesApp): HttpFunction {
  return anonymousOperation(
    app,
    {
      ...anonymous,
      name: 'getOpenApi',
      route: 'openapi.json',
      summary: 'Gets this API description (OpenAPI 3.1).',
      answers: { 200: { description: 'The API description.', schema: z.looseObject({ openapi: z.string() }) } },
    },
    async () => ({
      headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
      body: await file('openapi.json'),
    }),
  );
}

/**
 * All content is served from this origin, except images in the style sheet, which are data URLs, and tokens on a developer machine.
 */
function securityHeaders({ developmentTokenPort: port }: QueriesApp): Readonly<Record<string, string>> {
  return pageHeaders({ images: ['data:'], connectTo: port === undefined ? [] : [`http://127.0.0.1:${port}`] });
}

/** On a developer machine, the page contains the port from which its script gets tokens. */
const page = ({ developmentTokenPort: port }: QueriesApp) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Orders API</title>${port === undefined ? '' : `\n<meta name="token-port" content="${port}">`}
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
<main id="docs"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</html>
`;

export function getDocs(app: QueriesApp): HttpFunction {
  return anonymousOperation(
    app,
    {
      ...anonymous,
      name: 'getDocs',
      route: 'docs',
      summary: 'Gets the API documentation as a web page that can send requests.',
      answers: { 200: { description: 'The page.', mediaType: 'text/html' } },
    },
    async () => ({
      headers: { ...securityHeaders(app), 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
      body: page(app),
    }),
  );
}

const MEDIA_TYPES = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'start.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const;

const fileName = z.literal(['swagger-ui.css', 'swagger-ui-bundle.js', 'start.js', 'favicon-32x32.png']);

export function getDocsFile(app: QueriesApp): HttpFunction {
  return anonymousOperation(
    app,
    {
      ...anonymous,
      name: 'getDocsFile',
      route: 'docs/{file}',
      summary: 'Gets a file of the documentation page.',
      answers: { 200: { description: 'The file.', mediaType: '*/*' } },
    },
    async ({ request }) => {
      const name = validate(fileName, request.params.file, 'file');
      return {
        headers: {
          ...securityHeaders(app),
          'content-type': MEDIA_TYPES[name],
          'cache-control': 'public, max-age=3600',
        },
        body: await file(name),
      };
    },
  );
}
