/**
 * Returns a function that checks whether a version of the master key is older than the newest one. The cached newest version can itself be
 * outdated, so a version that differs from it is compared with a fresh one. Once superseded, a version stays superseded, so this happens
 * once per version.
 * @param newest reads the newest version, from a cache
 * @param refresh reads the newest version without the cache
 * @returns false when the newest version cannot be read
 */
export function supersession(
  newest: () => Promise<string>,
  refresh: () => Promise<string>,
): (version: string) => Promise<boolean> {
  const superseded = new Set<string>();
  const isOlder = async (version: string) => (await newest()) !== version && (await refresh()) !== version;
  return async (version) => {
    if (superseded.has(version)) return true;
    const older = await isOlder(version).catch(() => false);
    if (older) superseded.add(version);
    return older;
  };
}
