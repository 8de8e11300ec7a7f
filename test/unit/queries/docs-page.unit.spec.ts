import { HttpRequest, InvocationContext } from '@azure/functions';
import { expect, it } from 'vitest';
import settings from '../../../local.settings.json' with { type: 'json' };
import { createQueriesApp } from '../../../src/queries/app.ts';
import { getDocs } from '../../../src/queries/docs/get-docs.ts';
import { queriesConfig } from '../../../src/shared/config.ts';
import { systemRuntime } from '../../../src/shared/system-runtime.ts';

/** The documentation page of an app with these settings, and where the page's script may connect to. */
async function pageWith(env: Readonly<Record<string, string>>) {
  const app = createQueriesApp(queriesConfig({ ...settings.Values, ...env }), systemRuntime);
  const { handler } = getDocs(app);
  const request = new HttpRequest({ method: 'GET', url: 'http://localhost:7071/api/docs' });
  const response = await handler(request, new InvocationContext());
  app.close();
  const { headers, body } = response ?? {};
  const policy = new Headers(headers).get('content-security-policy')?.split('; ') ?? [];
  return { html: String(body), connects: policy.find((directive) => directive.startsWith('connect-src')) };
}

it('the documentation page names the port for development tokens, and may connect to it, where there is one', async () => {
  const { html, connects } = await pageWith({ DEVELOPMENT_TOKEN_PORT: '4321' });
  expect(html).toContain('<meta name="token-port" content="4321">');
  expect(connects).toBe("connect-src 'self' http://127.0.0.1:4321");
});

it('the documentation page has no port for development tokens by default, and may connect only to the API', async () => {
  const { html, connects } = await pageWith({});
  expect(html).not.toContain('token-port');
  expect(connects).toBe("connect-src 'self'");
});
