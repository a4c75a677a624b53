import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderSource, packageSource, readFolder, writeFolder } from '../../src/node/index.js';
import { ModelFileError } from '../../src/persistence/model-file-error.js';
import { readJson } from '../../src/persistence/model-source.js';
import { openModelSource } from '../../src/persistence/open-model-source.js';

let root: string;
let folder: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'heed-folder-')));
  folder = join(root, 'model');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

async function errorOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ModelFileError);
  return error.message;
}

/** The files of a folder as text. */
async function contentOf(directory: string): Promise<Record<string, string>> {
  const files = await readFolder(directory);
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]),
  );
}

const version = (value: string) => ({
  'config.json': value,
  'model.safetensors': new TextEncoder().encode(value),
});
const versionText = (value: string) => ({ 'config.json': value, 'model.safetensors': value });

describe('writeFolder', () => {
  it('writes a folder, its parents too, and replaces it', async () => {
    const deep = join(folder, 'runs', 'best');
    await writeFolder(deep, version('one'));
    expect(await contentOf(deep)).toEqual(versionText('one'));
    await writeFolder(`${deep}/`, { ...version('two'), 'training.json': '{}' });
    expect(await contentOf(deep)).toEqual({ ...versionText('two'), 'training.json': '{}' });
    expect(readdirSync(dirname(deep))).toEqual(['best']);
  });

  it('replaces an empty folder', async () => {
    mkdirSync(folder);
    await writeFolder(folder, version('one'));
    expect(await contentOf(folder)).toEqual(versionText('one'));
  });

  it('deletes nothing that it does not replace', async () => {
    await writeFolder(folder, { ...version('one'), 'notes.txt': 'mine' });
    expect(await errorOf(writeFolder(folder, version('two')))).toContain('it holds "notes.txt"');
    expect(await contentOf(folder)).toEqual({ ...versionText('one'), 'notes.txt': 'mine' });

    const project = join(root, 'project');
    mkdirSync(join(project, 'config.json'), { recursive: true });
    expect(await errorOf(writeFolder(project, version('two')))).toContain('it holds "config.json"');
    writeFileSync(join(root, 'file'), '');
    expect(await errorOf(writeFolder(join(root, 'file'), version('two')))).toContain('it is a file');
    expect(await errorOf(writeFolder('.', version('two')))).toContain(
      'the working directory cannot be replaced',
    );
    expect(readdirSync(root).sort()).toEqual(['file', 'model', 'project']);
  });

  it('follows no link and takes no path', async () => {
    const elsewhere = join(root, 'elsewhere');
    await writeFolder(elsewhere, version('one'));
    symlinkSync(elsewhere, folder);
    expect(await errorOf(writeFolder(folder, version('two')))).toContain('it is a symbolic link');
    for (const name of ['../escape', 'a/b', 'a\\b', '..', '']) {
      expect(await errorOf(writeFolder(join(root, 'new'), { [name]: 'x' }))).toContain(
        'is not a plain file name',
      );
    }
    expect(await contentOf(elsewhere)).toEqual(versionText('one'));
    expect(readdirSync(root).sort()).toEqual(['elsewhere', 'model']);
  });

  it('keeps the old files when a file cannot be written', async () => {
    await writeFolder(folder, version('one'));
    const tooLong = 'x'.repeat(5000);
    expect(await errorOf(writeFolder(folder, { ...version('two'), [tooLong]: '' }))).toMatch(
      /model: it could not be written: ENAMETOOLONG.*Nothing that was there before is lost\.$/,
    );
    expect(await contentOf(folder)).toEqual(versionText('one'));
    expect(readdirSync(root)).toEqual(['model']);
    writeFileSync(join(root, 'file'), '');
    expect(await errorOf(writeFolder(join(root, 'file', 'model'), version('two')))).toContain(
      'could not be written',
    );
  });

  it.runIf(process.platform === 'linux')('keeps the old files when the system takes no more', async () => {
    await writeFolder(folder, version('one'));
    const { stdout, status } = runWriter(['', '2'], 'ulimit -f 100; trap "" XFSZ;');
    expect(status).toBe(1);
    expect(stdout).toMatch(/it could not be written: EFBIG.*Nothing that was there before is lost/);
    expect(await contentOf(folder)).toEqual(versionText('one'));
    expect(readdirSync(root)).toEqual(['model']);
  });

  // Each step starts a process.
  it('leaves the old files or the new ones, wherever it is killed', async () => {
    const outcomes = new Set<string>();
    let finished = false;
    for (let step = 1; !finished; step++) {
      rmSync(root, { recursive: true });
      await writeFolder(folder, version('one'));
      finished = runWriter([`${step}`, '2']).signal === null;
      const { 'config.json': found, ...rest } = await contentOf(folder);
      expect(rest).toEqual({ 'model.safetensors': found });
      outcomes.add(found === 'one' ? 'old' : 'new');
      expect(await openModelSource(folder).then((source) => source.has('model.safetensors'))).toBe(true);

      await writeFolder(folder, version('three'));
      expect(await contentOf(folder)).toEqual(versionText('three'));
      expect(readdirSync(root)).toEqual(['model']);
    }
    expect([...outcomes]).toEqual(['old', 'new']);
  }, 240_000);

  /** Runs `write-and-die.ts` on the folder in a process of its own. */
  function runWriter(args: string[], before = '') {
    const script = fileURLToPath(new URL('./write-and-die.ts', import.meta.url));
    const command = `${before} exec "$0" "$@"`;
    const options = ['--conditions=@heed/source', '--import', 'tsx', script, folder, ...args];
    return spawnSync('bash', ['-c', command, process.execPath, ...options], { encoding: 'utf8' });
  }
});

describe('a write that was stopped', () => {
  it('between its two renames is read, then put right', async () => {
    await writeFolder(folder, version('one'));
    renameSync(folder, join(root, '.model.heed-old'));
    mkdirSync(join(root, '.model.heed-new-0123456789ab'));
    expect(await contentOf(folder)).toEqual(versionText('one'));
    expect(await folderSource(folder).has('config.json')).toBe(true);

    // Even a write that fails puts it right.
    await errorOf(writeFolder(folder, { 'other.json': '' }));
    expect(readdirSync(root)).toEqual(['model']);
    expect(await contentOf(folder)).toEqual(versionText('one'));
  });

  it('is tidied up without touching what has another name', async () => {
    const others = [
      '.model.heed-new-',
      '.model.heed-new-mine',
      '.other.heed-new-0123456789ab',
      '.other.heed-old',
    ];
    for (const name of [...others, '.model.heed-new-0123456789ab', '.model.heed-old'])
      mkdirSync(join(root, name));
    await writeFolder(folder, version('one'));
    expect(readdirSync(root).sort()).toEqual([...others, 'model'].sort());
    expect(await contentOf(folder)).toEqual(versionText('one'));
  });
});

describe('folderSource', () => {
  it('reads files', async () => {
    await writeFolder(folder, version('one'));
    const source = folderSource(folder);
    expect(await source.read('config.json')).toEqual(new Uint8Array(Buffer.from('one')));
    expect([await source.has('config.json'), await source.has('training.json')]).toEqual([true, false]);
  });

  it('refuses what is missing, too large, a link out, or no file', async () => {
    await writeFolder(folder, version('one'));
    writeFileSync(join(root, 'secret'), 'secret');
    symlinkSync('../secret', join(folder, 'link'));
    symlinkSync('/dev/zero', join(folder, 'device'));
    mkdirSync(join(folder, 'directory'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const source = folderSource(folder);
    expect(await errorOf(source.read('tokenizer.json'))).toContain('tokenizer.json: there is no such file');
    expect(await errorOf(source.read('config.json', 2))).toContain('3 bytes or more; at most 2');
    expect(await errorOf(source.read('link'))).toContain('it is a link out of the folder');
    expect(await errorOf(source.read('device'))).toContain('it is a link out of the folder');
    expect(await errorOf(source.read('directory'))).toContain('it is not a plain file');
    expect(await errorOf(source.read('pipe'))).toContain('it is not a plain file');
    expect(await errorOf(source.read('../secret'))).toContain('is not a plain file name');
    expect(await errorOf(folderSource(join(root, 'none')).read('config.json'))).toContain(
      'there is no such folder',
    );
    expect(await errorOf(readFolder(folder))).toMatch(/link out of the folder|not a plain file/);
  });
});

describe('openModelSource', () => {
  it('opens a folder, as a path or a file URL', async () => {
    await writeFolder(folder, version('one'));
    expect((await openModelSource(folder)).location).toBe(folder);
    expect((await openModelSource(pathToFileURL(folder))).location).toBe(folder);
  });

  it('opens an installed package', async () => {
    const installed = join(root, 'node_modules', '@heed', 'translation-xx-yy');
    mkdirSync(installed, { recursive: true });
    writeFileSync(join(installed, 'package.json'), '{"name":"@heed/translation-xx-yy"}');
    writeFileSync(join(installed, 'config.json'), '{}');
    const before = process.cwd();
    process.chdir(root);
    try {
      expect(packageSource('@heed/translation-xx-yy').location).toBe(installed);
      const source = await openModelSource('@heed/translation-xx-yy');
      expect(await readJson(source, 'config.json')).toEqual({});
    } finally {
      process.chdir(before);
    }
  });

  it('says what to do when there is no model', async () => {
    for (const url of ['file:///a%2Fb', 'file://host/model']) {
      await expect(openModelSource(url)).rejects.toThrow(`${url}: not the URL of a folder`);
    }
    expect(await errorOf(openModelSource(folder))).toBe(
      `${folder}: there is no such folder. Check the path, or train a model into it.`,
    );
    expect(await errorOf(openModelSource('@heed/translation-xx-yy'))).toBe(
      '@heed/translation-xx-yy: there is no such folder and no such package installed. ' +
        "Give a model's folder or URL, or install the package: npm install @heed/translation-xx-yy",
    );
    writeFileSync(join(root, 'config.json'), '{}');
    expect(await errorOf(openModelSource(join(root, 'config.json')))).toContain('it is a file');
    mkdirSync(folder);
    expect(await errorOf(openModelSource(folder))).toContain('there is no config.json in it');
  });
});
