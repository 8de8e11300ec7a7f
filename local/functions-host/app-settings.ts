/** The app settings by name, read from environment variables. */
export type AppSettings = Readonly<Record<string, string>>;

/** A setting that a binding requires is missing. */
export class MissingSettingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MissingSettingError';
  }
}

/**
 * Replaces every `%NAME%` in a binding property with the value of that setting.
 * @throws {MissingSettingError}
 */
export function resolvePlaceholders(text: string, settings: AppSettings): string {
  return text.replaceAll(/%([^%]+)%/g, (placeholder, name: string) => {
    const value = settings[name];
    if (value === undefined) throw new MissingSettingError(`'${placeholder}' does not resolve to a setting`);
    return value;
  });
}

/**
 * Returns the connection string stored in a setting.
 * @throws {MissingSettingError}
 */
export function connectionSetting(name: string, settings: AppSettings): string {
  const value = settings[name];
  if (value === undefined || value === '') {
    throw new MissingSettingError(`The connection string setting '${name}' is missing or empty`);
  }
  return value;
}
