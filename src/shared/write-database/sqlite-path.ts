const PREFIX = 'sqlite:';

/** The file that a connection string `sqlite:<path>` names; undefined when it is one for SQL Server. Throws without a path. */
export function sqlitePath(connectionString: string): string | undefined {
  if (!connectionString.startsWith(PREFIX)) return undefined;
  const path = connectionString.slice(PREFIX.length);
  if (path === '') throw new Error(`The connection string "${PREFIX}" names no file: write ${PREFIX}<path>.`);
  return path;
}
