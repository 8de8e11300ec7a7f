/** The data folder holds keys, tokens and personal data, which other users of the machine must not read. */
import { chmod, stat } from 'node:fs/promises';

/** Rights of the group and of others. Windows has none: there, files are private because of the folder that they are in. */
const OF_OTHERS = 0o077;
const hasModes = process.platform !== 'win32';

/** Makes everything that this process and its child processes create private to this user. */
export function createPrivateFiles(): void {
  if (hasModes) process.umask(OF_OTHERS);
}

/** Removes the rights of other users on a file with a key. Does nothing when the file does not exist. */
export async function makePrivate(path: string): Promise<void> {
  if (await isOpenToOthers(path)) await chmod(path, 0o600);
}

/**
 * Checks a folder that may have been created by someone else, so its mode is left alone.
 * @returns a warning that says what to do, when other users can open the folder
 */
export async function looseFolderWarning(folder: string): Promise<string | undefined> {
  if (!(await isOpenToOthers(folder))) return undefined;
  return `Other users of this machine can read the folder ${folder}, which holds keys and personal data: run chmod -R go= '${folder}'.`;
}

async function isOpenToOthers(path: string): Promise<boolean> {
  if (!hasModes) return false;
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found !== undefined && (found.mode & OF_OTHERS) !== 0;
}
