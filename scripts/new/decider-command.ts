import type { Changes } from './changes.ts';
import type { CommandNames } from './command-names.ts';

/** Adds the command to a decider in one file, as customers, products and generated aggregates have it. */
export function addToDecider(changes: Changes, { command, event, aggregate }: CommandNames): void {
  const { one, domain } = aggregate;
  const id = `${one.camel}Id`;
  // Customers and products check in one place, before all commands and all events, that there is one.
  const isChecked = /if \(state === undefined\)[\s\S]*switch \(command\.type\)/.test(changes.text(domain));
  const reject = `if (state === undefined) {
        return reject({ code: '${one.kebab}-not-found', message: \`There is no ${one.words} \${command.${id}}.\` });
      }`;
  const fail = `if (state === undefined) throw new Error(\`The log has \${event.eventType} without a ${one.words}.\`);`;
  const commands = `${one.pascal}Command`;
  changes.addBeforeType(
    domain,
    commands,
    `export interface ${command.pascal} {
  readonly type: '${command.pascal}';
  readonly ${id}: string;
  readonly reason: string;
}

`,
  );
  changes.addAfter(domain, new RegExp(`^export type ${commands} =[^;]*`, 'm'), ` | ${command.pascal}`);
  changes.addStatements(
    domain,
    /switch \(command\.type\) \{/,
    `    case '${command.pascal}':
      ${isChecked ? '' : reject}
      return accept({ eventType: '${event.pascal}', data: { reason: command.reason } });`,
  );
  changes.addStatements(
    domain,
    /switch \(event\.eventType\) \{/,
    `    case '${event.pascal}':
      ${isChecked ? '' : fail}
      return state;`,
  );
}
