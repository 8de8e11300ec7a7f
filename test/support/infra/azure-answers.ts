import type { Answers } from './fake-commands.ts';

export const CLIENT_ID = '00112233-4455-6677-8899-aabbccddeeff';

/** What the template says after a deployment. */
export const OUTPUTS = Object.fromEntries(
  Object.entries({
    gatewayUrl: 'https://apim-orders.azure-api.net',
    commandsAppName: 'func-orders-commands',
    syncAppName: 'func-orders-sync',
    queriesAppName: 'func-orders-queries',
    commandsIdentityName: 'id-orders-commands',
    commandsIdentityClientId: CLIENT_ID,
    syncIdentityName: 'id-orders-sync',
    syncIdentityClientId: CLIENT_ID,
    sqlServerName: 'sql-orders',
    sqlServerFullyQualifiedName: 'sql-orders.database.windows.net',
    sqlDatabaseName: 'orders',
    keyVaultName: 'kv-orders',
    masterKeyKind: 'secret',
    packagesAccountName: 'stpackages',
    consoleName: 'stapp-orders',
    consoleUrl: 'https://orders.azurestaticapps.net',
  }).map(([name, value]) => [name, { type: 'String', value }]),
);

export const SUBSCRIPTION = '99999999-8888-7777-6666-555555555555';

/** What Azure says of one who may do all that a deployment does. */
const RIGHTS = [
  { actions: ['*'], notActions: [], dataActions: [], notDataActions: [] },
  {
    actions: [],
    notActions: [],
    dataActions: [
      'Microsoft.KeyVault/vaults/secrets/*',
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
    ],
    notDataActions: [],
  },
];

/** How Azure is when the script comes. */
export interface Azure {
  readonly groupExists?: boolean;
  readonly masterKeys?: number;
  /** The kind of master key that the last deployment had; nothing where there was none. */
  readonly masterKeyKind?: string;
  readonly sqlAccess?: 'Enabled' | 'Disabled';
  /** What `npm run migrate` does. */
  readonly migrate?: string;
  readonly permissions?: readonly unknown[];
  readonly bicep?: string;
  /** What is deleted and keeps its name: lines of name, id and region. */
  readonly deletedVaults?: string;
  readonly deletedGateways?: string;
  readonly throughputUnits?: number;
  /** How many times the triggers of an app cannot be synchronized, because it has not started. */
  readonly failedSyncs?: number;
  /** What writing a package does. */
  readonly uploads?: string;
}

/** Azure as the script sees it. The value of the secret that is made goes to a file beside the calls. */
export function azureAnswers({
  groupExists = true,
  masterKeys = 1,
  masterKeyKind = 'secret',
  sqlAccess = 'Enabled',
  migrate = 'true',
  permissions = RIGHTS,
  bicep = '0.38.33',
  deletedVaults = '',
  deletedGateways = '',
  throughputUnits = 1,
  failedSyncs = 0,
  uploads = 'true',
}: Azure): Readonly<Record<string, Answers>> {
  return {
    az: [
      ['"account show"*', `echo "${SUBSCRIPTION} a-tenant a-client"`],
      ['"bicep version"*', `echo "Bicep CLI version ${bicep} (abc)"`],
      ['"login"*', 'true'],
      ['"rest"*/permissions*', `echo '${JSON.stringify({ value: permissions })}'`],
      ['"keyvault list-deleted"*', `printf '${deletedVaults}'`],
      ['"keyvault recover"*', 'true'],
      ['"apim deletedservice list"*', `printf '${deletedGateways}'`],
      ['"apim deletedservice purge"*', 'true'],
      ['"eventhubs namespace list"*', `echo ${throughputUnits}`],
      ['"storage blob upload"*', uploads],
      ['"functionapp restart"*', 'true'],
      ['"resource invoke-action"*', failTimes(failedSyncs)],
      ['"group exists"*', `echo ${groupExists}`],
      ['"group create"*', 'true'],
      ['"deployment group what-if"*', 'echo "+ Microsoft.Sql/servers"'],
      ['"deployment group list"*', `echo ${masterKeyKind}`],
      ['"deployment group create"*', `echo "kind \${MASTER_KEY_KIND-}" >&2; echo '${JSON.stringify(OUTPUTS)}'`],
      ['"keyvault secret list"*', `echo ${masterKeys}`],
      [
        '"keyvault secret set"*',
        'while [ "$1" != --file ]; do shift; done; cp "$2" "$(dirname "$0")/secret"; stat -c %a "$2" >"$(dirname "$0")/mode"',
      ],
      ['"sql server show"*', `echo ${sqlAccess}`],
      ['"sql server firewall-rule"*', 'true'],
    ],
    npm: [
      [
        '"run -s package -- --out"*',
        'while [ $# -gt 1 ]; do shift; done; mkdir -p "$1"; for app in commands sync queries; do echo "$app" >"$1/$app.zip"; done',
      ],
      ['"run -s package"', 'true'],
      ['"run -s migrate"*', migrate],
    ],
    curl: [
      ['*api://AzureADTokenExchange*', PROOF],
      ['*', 'true'],
    ],
  };
}

const OUTPUT = 'while [ "$1" != --output ]; do shift; done; out=$2';
/** Fails as many times, then succeeds. */
const failTimes = (times: number) => `left="$(dirname "$0")/failures"; [ -e "$left" ] || echo ${times} >"$left"
  failures=$(cat "$left"); if [ "$failures" -gt 0 ]; then echo $((failures - 1)) >"$left"; exit 1; fi`;
const PROOF = `${OUTPUT}; echo '{"value":"a-new-proof"}' >"$out"`;
