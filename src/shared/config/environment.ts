import * as z from 'zod';

/** App settings as environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings are missing or wrong. The message lists all of them, so that they can be fixed at once. */
export class ConfigError extends Error {
  readonly code = 'config-invalid';

  constructor(problems: readonly string[]) {
    super(`Settings are missing or wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** A text that must not be empty. */
export const text = z.string({ error: 'is not set' }).min(1, 'is empty');

/** WEBSITE_SITE_NAME is set only in Azure: https://learn.microsoft.com/azure/app-service/reference-app-settings */
export const azure = { WEBSITE_SITE_NAME: z.string().optional() };

type Azure = Readonly<z.output<z.ZodObject<typeof azure>>>;

export const isAzure = ({ WEBSITE_SITE_NAME: site }: Azure): boolean => site !== undefined;

type Setting<Name extends string, Value> = { readonly [Key in Name]?: Value | undefined };

/**
 * The arguments of a refinement of `z.object({ …, ...azure })`: what a setting must be in Azure, unless it is not set.
 * @param message completes a sentence that starts with the name of the setting
 */
export function inAzure<Name extends string, Value>(
  setting: Name,
  isAllowed: (value: Value) => boolean,
  message: string,
): [check: (env: Setting<Name, Value> & Azure) => boolean, problem: { path: string[]; message: string }] {
  const check = (env: Setting<Name, Value> & Azure) => {
    const value = env[setting];
    return !isAzure(env) || value === undefined || isAllowed(value);
  };
  return [check, { path: [setting], message }];
}

export const isHttps = (address: string): boolean => address.startsWith('https://');
