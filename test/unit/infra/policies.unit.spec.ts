import { XMLParser } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { POLICY_ELEMENTS } from '../../support/infra/policy-elements.ts';
import { filesOf, plainName, SNAPSHOTS, textOf } from '../../support/infra/snapshots.ts';

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
});

/** What API Management would not take, in words: elements and attributes that it does not have at their place. */
function problemsOf(policy: string): readonly string[] {
  const nodes: unknown = parser.parse(policy);
  return Array.isArray(nodes) ? nodes.flatMap((node) => problemsIn(node, 'the document')) : [];
}

function problemsIn(node: object, parent: string): readonly string[] {
  const name = Object.keys(node).find((key) => key !== ':@');
  if (name === undefined || name.startsWith('#')) return [];
  const known = POLICY_ELEMENTS[name];
  const isRoot = parent === 'the document' && ['policies', 'fragment'].includes(name);
  if (known === undefined || !(isRoot || POLICY_ELEMENTS[parent]?.children.includes(name)))
    return [`${parent}: <${name}>`];
  const attributes = Object.keys(Object(Reflect.get(node, ':@'))).filter((one) => !known.attributes.includes(one));
  const children: unknown = Reflect.get(node, name);
  return [
    ...attributes.map((attribute) => `<${name}>: ${attribute}`),
    ...(Array.isArray(children) ? children.flatMap((child) => problemsIn(child, name)) : []),
  ];
}

describe('the policies of API Management', () => {
  it.each(filesOf('.xml'))('have only elements and attributes that it knows: %s', (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each(SNAPSHOTS)('have them also with their values in place (%s)', (_, { resources }) => {
    const policies = resources.filter(({ type }) =>
      /^Microsoft\.ApiManagement\/.*\/(policies|policyFragments)$/.test(type),
    );
    const problems = policies.flatMap((policy) =>
      problemsOf(textOf(policy, 'properties.value')).map((problem) => `${plainName(policy)}: ${problem}`),
    );

    expect(policies.length).toBeGreaterThan(30);
    expect(problems).toEqual([]);
  });

  it.each([
    ['a misspelt element', '<set-headr name="a" />', 'inbound: <set-headr>'],
    ['a misspelt attribute', '<set-header nam="a" />', '<set-header>: nam'],
    ['an element in another section', '<cache-store duration="1" />', 'inbound: <cache-store>'],
    ['an element that a policy does not have', '<cors><origin /></cors>', 'cors: <origin>'],
    ['one in a branch', '<choose><when condition="true"><rate-limt /></when></choose>', 'when: <rate-limt>'],
  ])('are checked: %s is found', (_, statement, problem) => {
    expect(problemsOf(`<policies><inbound>${statement}</inbound></policies>`)).toEqual([problem]);
  });
});
