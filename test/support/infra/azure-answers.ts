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
  readonly sqlAccess?: 'Enabled' | 'Disabled';
  /** What `npm run migrate` does. */
  readonly migrate?: string;
  readonly permissions?: readonly unknown[];
  readonly bicep?: string;
  /** What is deleted and keeps its name: lines of name, id and region. */
  readonly deletedVaults?: string;
  readonly deletedGateways?: string;
  readonly throughputUnits?: number;
  /** What a deployment says of itself each time it is asked, the last one for ever: its HTTP status and its own. */
  readonly deployments?: readonly string[];
}

/** Azure as the script sees it. The value of the secret that is made goes to a file beside the calls. */
export function azureAnswers({
  groupExists = true,
  masterKeys = 1,
  sqlAccess = 'Enabled',
  migrate = 'true',
  permissions = RIGHTS,
  bicep = '0.38.33',
  deletedVaults = '',
  deletedGateways = '',
  throughputUnits = 1,
  deployments = ['200 4'],
}: Azure): Readonly<Record<string, Answers>> {
  return {
    az: [
      ['"account show"*', `echo "${SUBSCRIPTION} a-tenant a-client"`],
      ['"account get-access-token"*', 'echo a-management-token'],
      ['"bicep version"*', `echo "Bicep CLI version ${bicep} (abc)"`],
      ['"login"*', 'true'],
      ['"rest"*/permissions*', `echo '${JSON.stringify({ value: permissions })}'`],
      ['"keyvault list-deleted"*', `printf '${deletedVaults}'`],
      ['"keyvault recover"*', 'true'],
      ['"apim deletedservice list"*', `printf '${deletedGateways}'`],
      ['"apim deletedservice purge"*', 'true'],
      ['"eventhubs namespace list"*', `echo ${throughputUnits}`],
      [
        '"resource show"*',
        'while [ "$1" != --name ]; do shift; done; echo "$2-abc.scm.westeurope-01.azurewebsites.net"',
      ],
      ['"group exists"*', `echo ${groupExists}`],
      ['"group create"*', 'true'],
      ['"deployment group what-if"*', 'echo "+ Microsoft.Sql/servers"'],
      ['"deployment group create"*', `echo '${JSON.stringify(OUTPUTS)}'`],
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
      ['*/api/publish*', `echo '"a1cf30a3-1"'`],
      ['*/api/deployments/*', deploymentStatus(deployments)],
      ['*api://AzureADTokenExchange*', PROOF],
      ['*', 'true'],
    ],
  };
}

const OUTPUT = 'while [ "$1" != --output ]; do shift; done; out=$2';
/** Says the next status each time, and the last one for ever. */
const deploymentStatus = (statuses: readonly string[]) => `${OUTPUT}
  left="$(dirname "$0")/statuses"; [ -s "$left" ] || printf '%s\\n' ${statuses.map((status) => `'${status}'`).join(' ')} >"$left"
  read -r code status <"$left"
  if [ "$(wc -l <"$left")" -gt 1 ]; then sed -i 1d "$left"; fi
  echo "{\\"status\\": $status}" >"$out"; printf %s "$code"`;
const PROOF = `${OUTPUT}; echo '{"value":"a-new-proof"}' >"$out"`;
