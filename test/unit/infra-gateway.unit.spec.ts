import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { checkOffline } from '../../scripts/infra-check/check.ts';
import { format } from '../../scripts/infra-check/finding.ts';
import { DEPLOYMENTS, made, plainName, ROOT, TEMPLATE, textOf } from '../support/infra.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Method and path of every operation in the text of a description. */
function routesOf(text: string): readonly string[] {
  const { paths } = JSON.parse(text) as { readonly paths: Record<string, Record<string, unknown>> }; // checked against its schema elsewhere
  return Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => method in methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

describe('the template', () => {
  it('has nothing that its check finds', () => {
    expect(checkOffline(TEMPLATE).findings.map(format)).toEqual([]);
  });
});

describe.each(DEPLOYMENTS)('API Management for %s', (_, deployment) => {
  const policies = deployment.resources.filter(({ source }) =>
    /^Microsoft\.ApiManagement\/.*(policies|policyFragments)$/.test(source.type),
  );

  it('gets policies that are well-formed XML, also with the values in them', () => {
    // Which one of two it is can depend on the deployment; the files as written are checked, too.
    const errors = policies
      .filter((policy) => textOf(policy, 'properties.value').startsWith('<'))
      .map((policy) => [plainName(policy), XMLValidator.validate(textOf(policy, 'properties.value'))]);

    expect(errors.length).toBeGreaterThanOrEqual(policies.length - 1);
    expect(errors.filter(([, result]) => result !== true)).toEqual([]);
  });

  it('knows every route of the description, and no other', () => {
    const [api] = made(deployment, 'Microsoft.ApiManagement/service/apis');
    const described = routesOf(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8'));

    expect(routesOf(api ? textOf(api, 'properties.value') : '{}')).toEqual(expect.arrayContaining([...described]));
    expect(api && routesOf(textOf(api, 'properties.value'))).toHaveLength(described.length);
  });

  it('has for every route a backend that there is', () => {
    const backends = made(deployment, 'Microsoft.ApiManagement/service/backends').map((backend) =>
      textOf(backend, 'name'),
    );
    const [api] = made(deployment, 'Microsoft.ApiManagement/service/apis');
    const sent = policies
      .filter(({ source }) => source.type.endsWith('/operations/policies'))
      .map((policy) =>
        [...textOf(policy, 'properties.value').matchAll(/set-backend-service backend-id="(\w+)"/g)].map(
          ([, id = '']) => id,
        ),
      );

    expect(sent).toHaveLength(routesOf(api ? textOf(api, 'properties.value') : '{}').length);
    for (const ids of sent) expect(ids).not.toEqual([]);
    expect([...new Set(sent.flat())].sort()).toEqual(backends.sort());
  });
});
