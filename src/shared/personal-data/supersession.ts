/**
 * Returns a function that checks whether a version of the master key is older than the newest one. The cached newest version can itself be
 * outdated, so a version that differs from it is compared with a fresh one. Once superseded, a version stays superseded, so this happens
 * once per version.
 * @param newest reads the newest version, from a cache
 * @param refresh reads the newest version without the cache
 * @returns false when the newest version cannot be read afresh
 */
export function supersession(
  newest: () => Promise<string>,
  refresh: () => Promise<string>,
): (version: string) => Promise<boolean> {
  const superseded = new Set<string>();
  return async (version) => {
    if (superseded.has(version)) return true;
    if ((await newest()) === version) return false;
    const isOlder = await refresh().then(
      (fresh) => fresh !== version,
      () => false,
    );
    if (isOlder) superseded.add(version);
    return isOlder;
  };
}
