import type { TokenCredential } from '@azure/identity';

const credentials = new Map<string | undefined, TokenCredential>();

/**
 * Returns the credential of the app's managed identity in Azure, or of the developer (`az login`) elsewhere. There is one for each
 * identity, because a credential caches its tokens:
 * https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/best-practices#reuse-credential-instances
 */
export function appCredential(clientId: string | undefined): TokenCredential {
  const known = credentials.get(clientId) ?? openCredential(clientId);
  credentials.set(clientId, known);
  return known;
}

/** The SDK is loaded for the first token, because an app with connection strings needs none. */
function openCredential(clientId: string | undefined): TokenCredential {
  let opened: Promise<TokenCredential> | undefined;
  const open = async (): Promise<TokenCredential> => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  };
  return {
    getToken: async (...request) => {
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return (await opened).getToken(...request);
    },
  };
}
