const PREFIX = 'sqlite:';

/** Returns the path in a connection string `sqlite:<path>`, or undefined for SQL Server. Throws when the path is empty. */
export function sqlitePath(connectionString: string): string | undefined {
  if (!connectionString.startsWith(PREFIX)) return undefined;
  const path = connectionString.slice(PREFIX.length);
  if (path === '') throw new Error(`The connection string "${PREFIX}" has no path: use ${PREFIX}<path>.`);
  return path;
}
