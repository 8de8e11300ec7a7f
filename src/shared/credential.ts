import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';

/** The app's managed identity in Azure; a developer's own sign-in (`az login`) elsewhere. */
export function appCredential(clientId: string | undefined): TokenCredential {
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}
