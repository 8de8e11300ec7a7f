/** The address of an API as it was typed, without slashes at its end. Throws a TypeError in plain words when it is none. */
export function readUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new TypeError(`--url must be an http or https address, not "${text}".`);
  }
  return text.replace(/\/+$/, '');
}
