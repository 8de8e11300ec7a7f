import type { Changes } from './changes.ts';
import type { CommandNames } from './command-names.ts';

const DOMAIN = 'src/commands/orders/domain';

/** Adds the command to the decider of orders, which accepts it for confirmed orders. */
export function addToOrder(changes: Changes, { command, event }: Pick<CommandNames, 'command' | 'event'>): void {
  changes.addBeforeType(
    `${DOMAIN}/commands.ts`,
    'OrderCommand',
    `export interface ${command.pascal} extends OnOrder {
  readonly type: '${command.pascal}';
  readonly reason: string;
}

`,
  );
  changes.addAfter(`${DOMAIN}/commands.ts`, /^export type OrderCommand =[^;]*/m, ` | ${command.pascal}`);
  addDecision(changes, { command, event });
  changes.addStatements(
    `${DOMAIN}/order.ts`,
    /switch \(event\.eventType\) \{/,
    `    case '${event.pascal}':
      return requireStatus(state, event, 'confirmed');`,
  );
}

/** Decides the command in a function of its own, because the switch over all commands is long already. */
function addDecision(changes: Changes, { command, event }: Pick<CommandNames, 'command' | 'event'>): void {
  const file = `${DOMAIN}/decide.ts`;
  changes.addImport(file, `type ${command.pascal}`, './commands.ts');
  changes.addStatements(
    file,
    /switch \(command\.type\) \{/,
    `    case '${command.pascal}':
      return ${command.camel}(command, state, facts);`,
  );
  changes.append(
    file,
    `/** Can be repeated while the order is confirmed, but not without end. */
function ${command.camel}(command: ${command.pascal}, state: OrderState, facts: OrderFacts): OrderDecision {
  const event = { eventType: '${event.pascal}' as const, data: { reason: command.reason } };
  return tooManyChanges(command, facts) ?? transition(['confirmed'], state, command, event);
}`,
  );
}
