import { describe, expect, it } from 'vitest';
import { isGroupActionAllowed } from '../../../local/web-pubsub/group-roles.ts';

const mayJoin = (role: string, group: string) => isGroupActionAllowed([role], 'joinLeaveGroup', group);

describe('Web PubSub: roles', () => {
  it('allow nothing when there are none', () => {
    expect(isGroupActionAllowed([], 'joinLeaveGroup', 'order-1')).toBe(false);
  });

  it('allow an action on every group', () => {
    expect(mayJoin('webpubsub.joinLeaveGroup', 'order-1')).toBe(true);
  });

  it('allow an action on one group', () => {
    expect(['order-1', 'order-12'].map((group) => mayJoin('webpubsub.joinLeaveGroup.order-1', group))).toEqual([
      true,
      false,
    ]);
  });

  it('do not allow another action', () => {
    expect(mayJoin('webpubsub.sendToGroup', 'order-1')).toBe(false);
  });

  it('take the characters of a pattern literally in the name of one group', () => {
    expect(mayJoin('webpubsub.joinLeaveGroup.order-*', 'order-1')).toBe(false);
  });
});

/** The examples of https://learn.microsoft.com/azure/azure-web-pubsub/concept-wildcard-group-roles */
describe('Web PubSub: patterns in roles', () => {
  it.each([
    ['chat-*', ['chat-1', 'chat-room'], ['chat.1', 'xchat-1']],
    ['clientA.*', ['clientA.alpha', 'clientA.1'], ['clientA.alpha.room1', 'clientB.alpha', 'clientAxalpha']],
    ['clientA.**', ['clientA.alpha', 'clientA.alpha.room1'], ['clientB.anything']],
    ['clientA.rooms.?1', ['clientA.rooms.a1', 'clientA.rooms.11'], ['clientA.rooms.1', 'clientA.rooms.a.1']],
    ['literal\\*star', ['literal*star'], ['literalXstar']],
  ])('%s matches the documented groups', (pattern, matching, others) => {
    const allowed = [...matching, ...others].filter((group) => mayJoin(`webpubsub.joinLeaveGroups.${pattern}`, group));
    expect(allowed).toEqual(matching);
  });

  it.each([
    ['has more than five asterisks', '*-*-*-*-*-*', '1-2-3-4-5-6'],
    ['ends in an escape character', 'chat\\', 'chat\\'],
    ['escapes a character that needs none', 'ch\\at', 'chat'],
  ])('allow nothing when the pattern %s', (_reason, pattern, group) => {
    expect(mayJoin(`webpubsub.joinLeaveGroups.${pattern}`, group)).toBe(false);
  });
});
