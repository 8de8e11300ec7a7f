import { pluralOf, withArticle } from './names.ts';

/**
 * One sentence that says what a command does: "Records a delivery attempt of a confirmed order." for `record`, `delivery`, `attempt`.
 * @param words of the command, its verb first
 * @param target what the command is about, without an article
 * @param aggregate words of the aggregate, which a command can end with: "Flags a customer." for `flag`, `customer`
 */
export function summaryOf([verb = '', ...rest]: readonly string[], target: string, aggregate: string): string {
  const named = rest.join(' ');
  const object = named === aggregate || named === `the ${aggregate}` ? '' : named;
  const what = object === '' ? withArticle(target) : `${withDeterminer(object)} of ${withArticle(target)}`;
  const sentence = `${thirdPerson(verb)} ${what}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** `a delivery attempt`, `notes`, `the label`. */
const withDeterminer = (object: string): string =>
  /^(a|an|the|all|any|no) |[^su]s$/.test(object) ? object : withArticle(object);

/** `records` for `record`; a verb has the endings of a noun in the plural, except after `o`. */
const thirdPerson = (verb: string): string => (/[^aeiou]o$/.test(verb) ? `${verb}es` : pluralOf([verb]).join(''));
