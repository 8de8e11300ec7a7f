/** The parameter files, by the name of their environment. Each has a snapshot. */
export const ENVIRONMENTS = ['dev', 'prod'] as const;

export type EnvironmentName = (typeof ENVIRONMENTS)[number];

/**
 * Where a snapshot pretends to be deployed. With an id of everything, the names of all resources are known, and an expression stays in
 * the snapshot only where a value comes from a deployed resource.
 */
export const scopeOf = (environment: EnvironmentName): readonly string[] => [
  ...['--subscription-id', '00000000-0000-0000-0000-000000000000'],
  ...['--tenant-id', '11111111-1111-1111-1111-111111111111'],
  ...['--resource-group', `orders-${environment}`],
  ...['--location', 'westeurope'],
  ...['--deployment-name', 'orders'],
];

/** What the parameter files read from the environment. The lists have blanks after their commas and a comma at the end, as people write them. */
export const SETTINGS: Readonly<Record<string, string>> = {
  SQL_ADMINISTRATORS_NAME: 'orders-administrators',
  SQL_ADMINISTRATORS_ID: '22222222-2222-2222-2222-222222222222',
  AUTH_AUDIENCE: '33333333-3333-3333-3333-333333333333',
  AUTH_ALLOWED_CLIENTS: '44444444-4444-4444-4444-444444444444, 04b07795-8ddb-461a-bbee-02f9e1bf7b46, ',
  ALERT_EMAILS: 'operations@example.com, developers@example.com, ',
  ALLOWED_ORIGINS: 'https://shop.example.com, https://admin.example.com, ',
  DEFENDER_PLANS: 'KeyVaults, StorageAccounts, SqlServers, Arm, ',
  MASTER_KEY_KIND: 'key',
  SEARCH_ENABLED: 'true',
  RUNBOOK_URL: 'https://example.com/docs/operations.md',
};
