import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { inLockedFolder } from '../src/node/folder-lock.js';
import { temporaryFolder } from './temporary-folder.js';

const { at } = temporaryFolder();
const moment = () => new Promise<string>((done) => setTimeout(() => done('done'), 50));
const lockedBy = (content: string) => writeFile(at('model/.training.lock'), content);

describe('a folder that is trained into', () => {
  test('is one training’s at a time, by whatever path, and free once that ends, also by an error', async () => {
    const runs = [at('model'), at('model/'), at('other/../model')].map((path) =>
      inLockedFolder(path, moment),
    );
    const results = await Promise.allSettled(runs);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    await expect(inLockedFolder(at('model'), () => Promise.reject(new Error('of its own')))).rejects.toThrow(
      'of its own',
    );
    expect(await inLockedFolder(at('model'), moment)).toBe('done');
  });

  test('is not there if nothing came of it, and loses nothing that was', async () => {
    await inLockedFolder(at('model'), moment);
    expect(existsSync(at('model'))).toBe(false);
    await mkdir(at('model'));
    await inLockedFolder(at('model'), moment);
    expect(await readdir(at('model'))).toEqual([]);
  });

  test('is left to a process that runs, here or on another machine, with what to do if it does not', async () => {
    await mkdir(at('model'));
    for (const [content, by] of [
      [`${process.ppid} ${hostname()} a`, `process ${process.ppid}`],
      ['7 elsewhere b', 'process 7 of elsewhere'],
    ] as const) {
      await lockedBy(content);
      await expect(inLockedFolder(at('model'), moment)).rejects.toThrow(
        new RegExp(`trained into by ${by}: .*remove .*model/\\.training\\.lock\\.$`),
      );
      expect(await readdir(at('model'))).toEqual(['.training.lock']);
    }
  });

  test('is taken over from a process that ended, or that never wrote its number; what was unfinished goes', async () => {
    await mkdir(at('model'));
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    for (const stale of [`${pid} ${hostname()} a`, `${process.pid} ${hostname()} b`, '']) {
      await lockedBy(stale);
      await writeFile(at('model/model.safetensors.0123456789ab.tmp'), 'half of it');
      await writeFile(at('model/notes.tmp'), 'mine');
      expect(await inLockedFolder(at('model'), moment)).toBe('done');
      expect(await readdir(at('model'))).toEqual(['notes.tmp']);
    }
  });
});
