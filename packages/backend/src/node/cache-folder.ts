import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The folder of this user's cache: `$HEED_CACHE`, else `$XDG_CACHE_HOME/heed`, else `~/.cache/heed`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.HEED_CACHE) return resolve(env.HEED_CACHE);
  return resolve(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'heed');
}
