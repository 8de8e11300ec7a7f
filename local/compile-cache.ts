import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The environment of child processes: Node caches compiled modules here, which makes the next start a third faster. */
export const COMPILE_CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };
