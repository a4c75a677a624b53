import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder } from '../src/node/cache-folder.js';
import { removeLeftovers, stageTensorflow, toolProblems } from '../src/node/staging.js';
import { findTfjsNode, tryAddon } from '../src/node/tfjs-node.js';

const tool = { command: ['tool'], version: '1' } as const;

describe('cacheFolder', () => {
  it('takes HEED_CACHE before XDG_CACHE_HOME before the home folder', () => {
    expect(cacheFolder({ HEED_CACHE: '/a/b', XDG_CACHE_HOME: '/x' })).toBe(resolve('/a/b'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe(resolve('/x/heed'));
    expect(cacheFolder({})).toMatch(/[\\/]\.cache[\\/]heed$/);
  });

  it('is absolute, since the package links to it', () => {
    expect(cacheFolder({ HEED_CACHE: 'here' })).toBe(resolve('here'));
  });
});

describe('toolProblems', () => {
  const everything = { library: true, addon: true };

  it('finds nothing where all tools are there', () => {
    expect(toolProblems({ python: tool, pip: tool, compiler: tool }, everything)).toEqual([]);
  });

  it('names each missing tool, with how to get it', () => {
    const problems = toolProblems({}, everything);
    expect(problems.map(({ what }) => what)).toEqual(['python', 'compiler']);
    for (const { remedy } of problems) expect(remedy).toMatch(/apt-get install/);
  });

  it('asks for no tool whose work lies in the cache', () => {
    expect(toolProblems({}, { library: false, addon: false })).toEqual([]);
    expect(toolProblems({ compiler: tool }, { library: false, addon: true })).toEqual([]);
  });

  it('lets a Python without pip pass: it may make one', () => {
    expect(toolProblems({ python: tool, compiler: tool }, everything)).toEqual([]);
  });
});

describe('removeLeftovers', () => {
  let cache: string;

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'heed-cache-'));
  });

  afterEach(() => rm(cache, { recursive: true, force: true }));

  it('removes the work of killed set-ups and keeps that of running and of other machines', async () => {
    const { pid: dead } = spawnSync(process.execPath, ['-e', '']);
    const old = `.partial-elsewhere-${dead}-00000001`;
    const kept = [
      `.partial-${hostname()}-${process.pid}-00000002`,
      `.partial-elsewhere-${dead}-00000003`,
      'libtensorflow-1.2.3-linux-x64',
    ];
    for (const name of [`.partial-${hostname()}-${dead}-00000000`, old, ...kept]) {
      await mkdir(join(cache, name, 'library'), { recursive: true });
    }
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 3600;
    await utimes(join(cache, old), twoDaysAgo, twoDaysAgo);
    await removeLeftovers(cache);
    expect((await readdir(cache)).sort()).toEqual(kept.sort());
  });
});

describe('tryAddon', () => {
  it('says so where the addon is not built', async () => {
    const nowhere = {
      folder: '/nowhere',
      version: '4.22.0',
      napiVersion: 8,
      addon: '/nowhere/tfjs_binding.node',
    };
    expect(await tryAddon(nowhere)).toEqual({ loads: false, reason: 'it is not built' });
  });

  it('reports an addon that is no library, and lives on', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'heed-addon-'));
    try {
      const result = await tryAddon({ folder, version: '4.22.0', napiVersion: 8, addon: folder });
      expect(result).toMatchObject({ loads: false, reason: expect.stringMatching(/Cannot find module/) });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

const installed = findTfjsNode();
const loads = installed !== undefined && (await tryAddon(installed)).loads;

describe('stageTensorflow', () => {
  it.skipIf(!loads)('uses an addon that loads, and leaves the cache alone', async () => {
    const cache = join(tmpdir(), `heed-no-cache-${process.pid}`);
    const result = await stageTensorflow({ cache });
    expect(result).toMatchObject({ ok: true, tensorflow: expect.stringMatching(/^2\.\d+\.\d+$/) });
    await expect(readdir(cache)).rejects.toThrow(/ENOENT/);
  });
});
