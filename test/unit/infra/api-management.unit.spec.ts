import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { ofType, plainName, propertyOf, ROOT, SNAPSHOTS, textOf } from '../../support/infra/snapshots.ts';

const METHODS = ['get', 'head', 'post', 'put', 'patch', 'delete'] as const;

/** Method and path of every operation in the text of a description. */
function routesOf(text: string): readonly string[] {
  const { paths } = JSON.parse(text) as { readonly paths: Record<string, Record<string, unknown>> }; // checked against its schema elsewhere
  return Object.entries(paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => method in methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

describe.each(SNAPSHOTS)('API Management for %s', (_, snapshot) => {
  const policies = snapshot.resources.filter(({ type }) =>
    /^Microsoft\.ApiManagement\/.*(policies|policyFragments)$/.test(type),
  );

  it('gets policies that are well-formed XML, also with the values in them', () => {
    const results = policies.map((policy) => [
      plainName(policy),
      XMLValidator.validate(textOf(policy, 'properties.value')),
    ]);

    expect(results).not.toEqual([]);
    expect(results.filter(([, result]) => result !== true)).toEqual([]);
  });

  it('logs no query string: neither to Application Insights nor to the workspace', () => {
    const diagnostics = ofType(snapshot, 'Microsoft.ApiManagement/service/diagnostics');
    const hidden = { dataMasking: { queryParams: [{ mode: 'Hide', value: '*' }] } };

    expect(diagnostics.map(plainName).toSorted()).toEqual([
      expect.stringMatching(/applicationinsights$/),
      expect.stringMatching(/azuremonitor$/),
    ]);
    for (const diagnostic of diagnostics)
      for (const part of ['frontend', 'backend'])
        expect(propertyOf(diagnostic, `properties.${part}.request`)).toMatchObject(hidden);
  });

  it('knows every route of the description, and no other', () => {
    const [api] = ofType(snapshot, 'Microsoft.ApiManagement/service/apis');
    const described = routesOf(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8')).flatMap((route) =>
      // Each method is an operation of its own there, and every GET route answers HEAD too
      route.startsWith('GET ') ? [route, route.replace('GET', 'HEAD')] : [route],
    );

    expect(routesOf(api ? textOf(api, 'properties.value') : '{}')).toEqual(expect.arrayContaining([...described]));
    expect(api && routesOf(textOf(api, 'properties.value'))).toHaveLength(described.length);
  });

  it('has for every route a backend that there is', () => {
    const backends = ofType(snapshot, 'Microsoft.ApiManagement/service/backends').map((backend) =>
      backend.name.split('/').at(-1),
    );
    const [api] = ofType(snapshot, 'Microsoft.ApiManagement/service/apis');
    const sent = policies
      .filter(({ type }) => type.endsWith('/operations/policies'))
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
