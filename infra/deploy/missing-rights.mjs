// Prints the roles that a deployment needs and that the caller does not have, one a line. With --locks the deployment makes locks, too.
// Standard input: what Azure says the caller may do in the resource group
// (https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group).
import { readFileSync } from 'node:fs';

/** Contributor and Role Based Access Control Administrator together may not make locks. */
const LOCKS = process.argv.includes('--locks');
const ADMINISTRATOR = LOCKS ? 'User Access Administrator' : 'Role Based Access Control Administrator';

const authorization = (right) => ({ role: ADMINISTRATOR, right, given: 'actions', taken: 'notActions' });

/** Of each role one right that a deployment uses; another role that has it does as well. */
const NEEDED = [
  { role: 'Contributor', right: 'Microsoft.Web/sites/write', given: 'actions', taken: 'notActions' },
  authorization('Microsoft.Authorization/roleAssignments/write'),
  ...(LOCKS ? [authorization('Microsoft.Authorization/locks/write')] : []),
  {
    role: 'Key Vault Secrets Officer',
    right: 'Microsoft.KeyVault/vaults/secrets/setSecret/action',
    given: 'dataActions',
    taken: 'notDataActions',
  },
  {
    // Event Hubs asks whether the one who sets up capture may write into the data lake.
    role: 'Storage Blob Data Contributor',
    right: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
    given: 'dataActions',
    taken: 'notDataActions',
  },
];

const { value: permissions } = JSON.parse(readFileSync(0, 'utf8'));

const fits = (pattern, right) =>
  new RegExp(`^${pattern.replace(/[.\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i').test(right);
const within = (patterns, right) => (patterns ?? []).some((pattern) => fits(pattern, right));
const has = ({ right, given, taken }) =>
  permissions.some((permission) => within(permission[given], right) && !within(permission[taken], right));

const missing = NEEDED.filter((needed) => !has(needed)).map(({ role }) => role);
for (const role of new Set(missing)) console.log(role);
