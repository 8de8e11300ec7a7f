/** Past participles that do not end in -ed, or that double or keep a consonant against the rule. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  Object.entries({
    begin: 'begun',
    break: 'broken',
    bring: 'brought',
    build: 'built',
    buy: 'bought',
    cancel: 'cancelled',
    choose: 'chosen',
    cut: 'cut',
    draw: 'drawn',
    find: 'found',
    forget: 'forgotten',
    freeze: 'frozen',
    get: 'got',
    give: 'given',
    hide: 'hidden',
    hold: 'held',
    keep: 'kept',
    label: 'labelled',
    leave: 'left',
    lend: 'lent',
    let: 'let',
    lose: 'lost',
    make: 'made',
    pay: 'paid',
    put: 'put',
    refer: 'referred',
    reset: 'reset',
    schedule: 'scheduled',
    sell: 'sold',
    send: 'sent',
    set: 'set',
    split: 'split',
    submit: 'submitted',
    take: 'taken',
    transfer: 'transferred',
    undo: 'undone',
    withdraw: 'withdrawn',
    write: 'written',
  }),
);

/** The words of the event that a command causes: `order`, `shipped` for `ship`, `order`. */
export function eventOf([verb = '', ...object]: readonly string[]): readonly string[] {
  return [...object, pastParticiple(verb)];
}

/** `shipped` for `ship`. */
export function pastParticiple(verb: string): string {
  const irregular = IRREGULAR.get(verb);
  if (irregular !== undefined) return irregular;
  if (verb.endsWith('e')) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  // One syllable that ends in a vowel and a consonant doubles the consonant: ship, drop, but not mail, fix or show.
  if (/^[^aeiou]*[aeiou][^aeiouwxy]$/.test(verb)) return `${verb}${verb.slice(-1)}ed`;
  return `${verb}ed`;
}
