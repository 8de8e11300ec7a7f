/** Validates an API URL from the command line and removes trailing slashes. Throws a TypeError with a user-facing message. */
export function readUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new TypeError(`--url must be an http or https address, not "${text}".`);
  }
  return text.replace(/\/+$/, '');
}
