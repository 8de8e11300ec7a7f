/**
 * What the roles in a client's token allow:
 * https://learn.microsoft.com/azure/azure-web-pubsub/concept-client-protocols#permissions and
 * https://learn.microsoft.com/azure/azure-web-pubsub/concept-wildcard-group-roles
 */

export type GroupAction = 'joinLeaveGroup' | 'sendToGroup';

const MAX_ASTERISKS = 5;
const PATTERN_TOKENS = /\\[\\*?]|\*\*|[*?]|[^\\*?]+/g;
const REGEXP_SYNTAX = /[\\^$.*+?()[\]{}|/]/g;

/** Whether the roles allow the action on the group, by its name, by a pattern, or for every group. */
export function isGroupActionAllowed(roles: readonly string[], action: GroupAction, group: string): boolean {
  return roles.some((role) => grants(role, `webpubsub.${action}`, group));
}

function grants(role: string, permission: string, group: string): boolean {
  if (role === permission || role === `${permission}.${group}`) return true;
  const patternPrefix = `${permission}s.`;
  return role.startsWith(patternPrefix) && matchesPattern(role.slice(patternPrefix.length), group);
}

/** An invalid pattern matches nothing. */
function matchesPattern(pattern: string, group: string): boolean {
  const tokens = pattern.match(PATTERN_TOKENS) ?? [];
  const isComplete = tokens.join('') === pattern;
  const asterisks = tokens.filter((token) => token.startsWith('*')).join('').length;
  if (!isComplete || asterisks > MAX_ASTERISKS) return false;
  return new RegExp(`^${tokens.map(tokenExpression).join('')}$`, 'su').test(group);
}

function tokenExpression(token: string): string {
  if (token === '**') return '.*';
  if (token === '*') return '[^.]*';
  if (token === '?') return '[^.]';
  const literal = token.startsWith('\\') ? token.slice(1) : token;
  return literal.replace(REGEXP_SYNTAX, '\\$&');
}
