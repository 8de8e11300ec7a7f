/** The app's settings by name: environment variables. */
export type AppSettings = Readonly<Record<string, string>>;

/** A setting that a function's binding needs is missing. */
export class MissingSettingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'MissingSettingError';
  }
}

/**
 * Replaces every `%NAME%` of a binding's text by the setting of that name.
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
 * The connection string that a setting holds.
 * @throws {MissingSettingError}
 */
export function connectionSetting(name: string, settings: AppSettings): string {
  const value = settings[name];
  if (value === undefined || value === '') {
    throw new MissingSettingError(`The setting '${name}' with the connection string does not exist or is empty`);
  }
  return value;
}
