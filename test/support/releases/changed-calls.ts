import type { Parameter, Signature, Signatures } from './procedure-signatures.ts';

/**
 * What breaks a release's calls to the current procedures; empty when every call still works. A call names its parameters and
 * reads result sets by position, and columns by name.
 */
export function changedCalls(release: Signatures, today: Signatures): readonly string[] {
  return Object.entries(release).flatMap(([name, before]) => {
    const now = today[name];
    if (now === undefined) return [`${name} is gone`];
    return [...changedParameters(before, now), ...changedResults(before, now)].map((change) => `${name}: ${change}`);
  });
}

function changedParameters(before: Signature, now: Signature): readonly string[] {
  const changed = before.parameters.flatMap((parameter) => {
    const kept = now.parameters.find(({ name }) => name === parameter.name);
    if (kept === undefined) return [`@${parameter.name} is gone`];
    if (!holds(kept.type, parameter.type)) return [`@${kept.name} is ${kept.type}, no longer ${parameter.type}`];
    return parameter.optional && !kept.optional ? [`@${kept.name} has no default any more`] : [];
  });
  const isNew = ({ name }: Parameter) => !before.parameters.some((parameter) => parameter.name === name);
  const required = now.parameters.filter((parameter) => isNew(parameter) && !parameter.optional);
  return [...changed, ...required.map(({ name }) => `@${name} is new and has no default`)];
}

function changedResults(before: Signature, now: Signature): readonly string[] {
  return before.resultSets.flatMap((columns, index) => {
    const kept = now.resultSets[index]?.slice(0, columns.length) ?? [];
    return kept.join() === columns.join()
      ? []
      : [`result set ${index + 1} no longer starts with ${columns.join(', ')}`];
  });
}

/** True when every value of the type `before` is a value of the type `now`: the same type, or a longer one. */
function holds(now: string, before: string): boolean {
  const [type, length] = typeAndLength(now);
  const [typeBefore, lengthBefore] = typeAndLength(before);
  return type === typeBefore && length >= lengthBefore;
}

function typeAndLength(type: string): readonly [type: string, length: number] {
  const [, name = type, length = '0'] = /^(\w+)\((\w+)\)$/.exec(type) ?? [];
  return [name, length === 'max' ? Number.POSITIVE_INFINITY : Number(length)];
}
