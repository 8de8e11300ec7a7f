/** What stands for the storage emulator on its usual ports: https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const DEVELOPMENT_STORAGE = 'UseDevelopmentStorage=true';
const USUAL_STORAGE = /BlobEndpoint=http:\/\/127\.0\.0\.1:10000\/.*:10001\/.*:10002\//;

/**
 * @param settings what `func start` would find: local.settings.json, under the environment
 * @param needed what it needs
 * @returns lines for a shell (`export NAME='value'`) that set what is not as needed
 */
export function changedSettings(
  settings: Readonly<Record<string, string>>,
  needed: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(needed)
    .filter(([name, value]) => !isSame(settings[name], value))
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'`);
}

function isSame(found: string | undefined, value: string): boolean {
  return found === value || (found === DEVELOPMENT_STORAGE && USUAL_STORAGE.test(value));
}
