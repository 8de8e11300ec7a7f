/** How each suite finds the containers. All are on this machine. */
export const CONTAINERS = {
  TEST_SQL_CONNECTION_STRING: 'Server=127.0.0.1,1433;User Id=sa;Password=Orders-test-1;Encrypt=true',
  TEST_STORAGE_CONNECTION_STRING: 'UseDevelopmentStorage=true',
  TEST_EVENT_HUBS_CONNECTION_STRING:
    'Endpoint=sb://127.0.0.1;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;',
  TEST_COSMOS_CONNECTION_STRING:
    'AccountEndpoint=http://127.0.0.1:8081/;AccountKey=C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqyMsEcaGQy67XIw/Jw==;',
};

/** What a suite runs. End-to-end tests that look into a stand-in, or make it fail, are not among them. */
export const SUITES = {
  contract: ['test/contract'],
  integration: ['test/integration/event-hubs', 'test/integration/cosmos-db'],
  'end-to-end': ['customer-changes', 'order-life', 'place-order', 'registry'].map(
    (name) => `test/e2e/${name}.e2e.spec.ts`,
  ),
  host: ['test/containers/functions-host'],
};
