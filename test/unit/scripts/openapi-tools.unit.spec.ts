import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPEN_API_FILE } from '../../../scripts/generate/open-api.ts';
import { PROBLEMS } from '../../../src/shared/http/problem.ts';

const text = readFileSync(OPEN_API_FILE, 'utf8');
const document = JSON.parse(text);

interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly responses: Readonly<Record<string, object>>;
}

const operations: readonly Operation[] = Object.values<Readonly<Record<string, Operation>>>(document.paths).flatMap(
  (methods) => Object.values(methods),
);

/** Every object in the document, with its JSON pointer. */
function objectsIn(node: unknown, path = '#'): readonly (readonly [path: string, object: Record<string, unknown>])[] {
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.entries(node).flatMap(([name, value]) => objectsIn(value, `${path}/${name}`));
  return Array.isArray(node) ? inner : [[path, { ...node }], ...inner];
}

/** What the rules of Spectral (`spectral:oas`), Redocly (`recommended`) and Stoplight Prism found in the document once. */
describe('the published OpenAPI document has, so that linters and other tools read it,', () => {
  const objects = objectsIn(document);

  it('nothing beside a reference, which some tools ignore and others merge', () => {
    const merged = objects.filter(([, object]) => '$ref' in object && Object.keys(object).length > 1);
    expect(merged.map(([path]) => path)).toEqual([]);
  });

  it('patterns that mean the same with and without support of Unicode', () => {
    const patterns = new Set(objects.flatMap(([, { pattern }]) => (typeof pattern === 'string' ? [pattern] : [])));
    expect(patterns.size).toBeGreaterThan(0);
    for (const pattern of patterns) {
      expect(pattern).not.toMatch(/\\[pPu]\{/);
      expect(() => [new RegExp(pattern), new RegExp(pattern, 'u')]).not.toThrow();
    }
  });

  it('no encoding of content, which stops Swagger UI from showing the parameters of an operation', () => {
    expect(objects.filter(([, object]) => 'contentEncoding' in object)).toEqual([]);
  });

  it('a description of each tag, and no other tags', () => {
    const described: readonly { readonly name: string; readonly description: string }[] = document.tags;
    expect(described.filter(({ description }) => !/^[A-Z].+\.$/.test(description))).toEqual([]);
    const used = new Set(operations.flatMap(({ tags }) => tags));
    expect(described.map(({ name }) => name).toSorted()).toEqual([...used].toSorted());
  });

  it('no component that is not used', () => {
    const components = Object.entries<object>(document.components).filter(([kind]) => kind !== 'securitySchemes');
    const unused = components.flatMap(([kind, named]) =>
      Object.keys(named).filter((name) => !text.includes(`"#/components/${kind}/${name}"`)),
    );
    expect(unused).toEqual([]);
  });

  it('a contact and a license', () => {
    expect(document.info).toMatchObject({ contact: { name: expect.any(String) }, license: { identifier: 'MIT' } });
  });

  it('a problem among the answers of every operation: the gateway limits all of them', () => {
    expect(operations.filter(({ responses }) => responses[429] === undefined)).toEqual([]);
  });
});

describe('the schema of a problem', () => {
  const { Problem } = document.components.schemas;

  it('allows further members (RFC 9457, section 3.2)', () => {
    expect(Problem.additionalProperties).toEqual({});
    expect(Problem.properties.errors.items.additionalProperties).toEqual({});
  });

  it('lists all codes', () => {
    expect(Problem.properties.code.enum).toEqual(Object.keys(PROBLEMS));
  });

  it('is narrowed to the codes of each operation and status', () => {
    const { schema } = document.paths['/orders'].post.responses[422].content['application/problem+json'];
    expect(schema).toEqual({
      allOf: [
        { $ref: '#/components/schemas/Problem' },
        { properties: { code: { enum: expect.arrayContaining(['price-changed', 'insufficient-stock']) } } },
      ],
    });
  });
});
