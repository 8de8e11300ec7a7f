/** How the console reaches the API and signs people in: the file console.json next to the page, which the deployment writes. */
export type ConsoleConfig = DevelopmentConfig | EntraConfig;

/** On a developer machine: tokens come from the development issuer, for any role. */
export interface DevelopmentConfig {
  readonly signIn: 'development';
  readonly apiUrl: string;
  /** Gives a token as text: `<tokenUrl>?role=admin`. */
  readonly tokenUrl: string;
}

/** In Azure: people sign in with Microsoft Entra, and their app roles decide. */
export interface EntraConfig {
  readonly signIn: 'entra';
  readonly apiUrl: string;
  readonly clientId: string;
  /** Such as `https://login.microsoftonline.com/<tenant>`. */
  readonly authority: string;
  /** Such as `api://<client id of the API>/access_as_user`. */
  readonly scope: string;
}

export async function loadConfig(): Promise<ConsoleConfig> {
  const response = await fetch('/console.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`console.json cannot be read: the response has the status ${response.status}.`);
  return response.json();
}
