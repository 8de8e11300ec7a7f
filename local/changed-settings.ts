/** Short for the storage emulator on its default ports: https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const DEVELOPMENT_STORAGE = 'UseDevelopmentStorage=true';
const DEFAULT_PORTS = /BlobEndpoint=http:\/\/127\.0\.0\.1:10000\/.*:10001\/.*:10002\//;

/**
 * @param settings the settings that `func start` would use
 * @param needed the settings that it has to use
 * @returns shell commands (`export NAME='value'`) for the settings that differ
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
  return found === value || (found === DEVELOPMENT_STORAGE && DEFAULT_PORTS.test(value));
}
