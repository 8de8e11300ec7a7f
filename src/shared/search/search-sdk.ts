/** The part of Azure AI Search's SDK that the apps use. The build puts it into a file of its own: see `scripts/bundle/bundle.ts`. */
export { AzureKeyCredential, SearchIndexClient } from '@azure/search-documents';
