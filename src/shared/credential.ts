import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';

/** Returns the credential of the app's managed identity in Azure, or of the developer (`az login`) elsewhere. */
export function appCredential(clientId: string | undefined): TokenCredential {
  return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
}
