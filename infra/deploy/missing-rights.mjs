// Prints the roles that a deployment needs and that the caller does not have, one a line. Standard input: what Azure says the caller may do
// in the resource group (https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group).
import { readFileSync } from 'node:fs';

/** Of each role one right that a deployment uses; another role that has it does as well. */
const NEEDED = [
  { role: 'Contributor', right: 'Microsoft.Web/sites/write', given: 'actions', taken: 'notActions' },
  {
    role: 'Role Based Access Control Administrator',
    right: 'Microsoft.Authorization/roleAssignments/write',
    given: 'actions',
    taken: 'notActions',
  },
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

for (const needed of NEEDED) if (!has(needed)) console.log(needed.role);
