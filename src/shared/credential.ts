import type { TokenCredential } from '@azure/identity';

/**
 * Returns the credential of the app's managed identity in Azure, or of the developer (`az login`) elsewhere. Its SDK is loaded for the
 * first token, because an app with connection strings needs none.
 */
export function appCredential(clientId: string | undefined): TokenCredential {
  let opened: Promise<TokenCredential> | undefined;
  const open = async (): Promise<TokenCredential> => {
    const { DefaultAzureCredential } = await import('@azure/identity');
    return new DefaultAzureCredential(clientId === undefined ? {} : { managedIdentityClientId: clientId });
  };
  return {
    getToken: async (...request) => {
      opened ??= open();
      return (await opened).getToken(...request);
    },
  };
}
