import { rmSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const LOCK = '.training.lock';
/** The locks that this process has. */
const held = new Set<string>();

process.on('exit', () => {
  for (const file of held) rmSync(file, { force: true });
});

/** @throws if a process that still runs trains into the folder, with its number */
export async function expectUnlocked(folder: string): Promise<void> {
  const file = join(folder, LOCK);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const [pid, host] = text.trim().split(' ');
  if (host !== hostname()) {
    throw new Error(`${folder} is trained into by a process of ${host}: if that has ended, remove ${file}`);
  }
  if (Number(pid) === process.pid ? held.has(file) : runs(Number(pid)))
    throw new Error(`${folder} is being trained into by process ${pid}: wait for it, or take another folder`);
}

/**
 * Keeps other trainings out of a folder, and removes what a killed one had not finished to write there.
 *
 * @returns lets them in again; the end of the process does so too
 * @throws as `expectUnlocked`
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const file = join(folder, LOCK);
  for (;;) {
    await expectUnlocked(folder);
    await rm(file, { force: true });
    try {
      await writeFile(file, `${process.pid} ${hostname()}\n`, { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  held.add(file);
  for (const name of await readdir(folder)) {
    if (UNFINISHED.test(name)) await rm(join(folder, name), { force: true });
  }
  return () => {
    held.delete(file);
    rmSync(file, { force: true });
  };
}

/** Of `replaceFile`. */
const UNFINISHED =
  /^(?:config|tokenizer|training)\.json\.[0-9a-f]{12}\.tmp$|^model\.safetensors\.[0-9a-f]{12}\.tmp$/;

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
