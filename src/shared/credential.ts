import { DefaultAzureCredential, type TokenCredential } from '@azure/identity';

const credentials = new Map<string | undefined, TokenCredential>();

/**
 * Returns the credential of the app's managed identity in Azure, or of the developer (`az login`) elsewhere. There is one for each
 * identity, because a credential caches its tokens:
 * https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/best-practices#reuse-credential-instances
 */
export function appCredential(clientId: string | undefined): TokenCredential {
  const known =
    credentials.get(clientId) ??
    new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  credentials.set(clientId, known);
  return known;
}
