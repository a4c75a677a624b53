import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';

const LOCK = '.training.lock';
/** What `replaceFile` writes before it renames it, of the files of a model. */
const UNFINISHED = /^(?:(?:config|tokenizer|training)\.json|model\.safetensors)\.[0-9a-f]{12}\.tmp$/;
/** How long a lock may be empty: its process has made it, and writes its number next. */
const MOMENT = 500;

/** The locks that this process has. */
const held = new Set<string>();

/**
 * Does something in a folder, which is made where it is missing, while no other process that asks for the same may. What
 * a killed one had not finished to write there is removed first.
 *
 * @throws naming the process that has the folder
 */
export async function inLockedFolder<Result>(path: string, run: () => Promise<Result>): Promise<Result> {
  const folder = resolve(path);
  const made = await mkdir(folder, { recursive: true });
  const file = join(folder, LOCK);
  const content = `${process.pid} ${hostname()} ${randomUUID()}\n`;
  await takeLock(file, content, path);
  try {
    for (const name of await readdir(folder)) {
      if (UNFINISHED.test(name)) await rm(join(folder, name), { force: true });
    }
    return await run();
  } finally {
    const own = await read(file).catch(() => undefined);
    if (own === content) await rm(file, { force: true }).catch(() => {});
    held.delete(file);
    // Where nothing came of it, there is no folder left.
    if (made !== undefined) await rmdir(folder).catch(() => {});
  }
}

async function takeLock(file: string, content: string, folder: string): Promise<void> {
  if (held.has(file)) throw new Error(`${folder} is being trained into by this very process`);
  held.add(file);
  try {
    while (!(await create(file, content))) {
      const found = await readSoon(file);
      if (found === undefined) continue;
      refuseUnlessStale(found, file, folder);
      await moveAway(file, found);
    }
  } catch (error) {
    held.delete(file);
    throw error;
  }
}

/** @returns whether it was not there before */
async function create(file: string, content: string): Promise<boolean> {
  try {
    await writeFile(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The same, once there is something in it, or a moment has passed. */
async function readSoon(file: string): Promise<string | undefined> {
  const content = await read(file);
  if (content !== '') return content;
  await new Promise((wake) => setTimeout(wake, MOMENT));
  return read(file);
}

function refuseUnlessStale(content: string, file: string, folder: string): void {
  const [pid, host] = content.trim().split(' ');
  if (!pid || !host) return;
  const isHere = host === hostname();
  // A process has its own number from one that has ended, or it would hold the lock.
  if (isHere && (Number(pid) === process.pid || !runs(Number(pid)))) return;
  throw new Error(
    `${folder} is being trained into by process ${pid}${isHere ? '' : ` of ${host}`}: wait for it, or take another folder. ` +
      `If there is no such training any more, remove ${file}.`,
  );
}

/** Removes a stale lock, but not the one that another process has made in its place meanwhile. */
async function moveAway(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if ((await read(aside)) !== stale) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
