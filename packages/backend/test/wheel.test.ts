import { createWriteStream } from 'node:fs';
import { access, lstat, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import yazl from 'yazl';
import { destinationOf, downloadWheel, extractWheel, verifySha256, wheelFor } from '../src/node/wheel.js';

const needed = {
  'tensorflow/libtensorflow_cc.so.2': 'the C API',
  'tensorflow/libtensorflow_framework.so.2': 'the framework',
  'tensorflow/include/tensorflow/c/c_api.h': '// header',
};

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-wheel-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeZip(members: Record<string, string>): Promise<string> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of Object.entries(members)) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  const file = join(folder, 'wheel.zip');
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

describe('destinationOf', () => {
  it.each([
    ['tensorflow/libtensorflow_cc.so.2', 'lib/libtensorflow_cc.so.2'],
    ['tensorflow/libtensorflow_framework.so.2', 'lib/libtensorflow_framework.so.2'],
    ['tensorflow.libs/libomp-f1025659.so.5', 'tensorflow.libs/libomp-f1025659.so.5'],
    ['tensorflow/include/tensorflow/c/eager/c_api.h', 'include/tensorflow/c/eager/c_api.h'],
    ['tensorflow/include/tensorflow/core/platform/status.h', 'include/tensorflow/core/platform/status.h'],
    ['tensorflow/include/tsl/platform/status.h', 'include/tsl/platform/status.h'],
    ['tensorflow/include/xla/tsl/c/tsl_status.h', 'include/xla/tsl/c/tsl_status.h'],
  ])('takes %s', (member, destination) => {
    expect(destinationOf(member)).toBe(destination);
  });

  it.each([
    'tensorflow/python/_pywrap_tensorflow_internal.so',
    'tensorflow/include/tensorflow/core/framework/op.h',
    'tensorflow/include/xla/service/hlo.h',
    'tensorflow/libtensorflow_cc.so.2.bak',
    'x/tensorflow/libtensorflow_cc.so.2',
    'tensorflow/include/tsl/platform/',
  ])('leaves %s', (member) => {
    expect(destinationOf(member)).toBeUndefined();
  });

  it.each([
    'tensorflow/include/tsl/../../../../evil.h',
    'tensorflow.libs/../../evil.so',
    'tensorflow/include/tsl/..\\..\\evil.h',
  ])('refuses %s', (member) => {
    expect(() => destinationOf(member)).toThrow(/leaves its folder/);
  });
});

describe('extractWheel', () => {
  it('writes the needed members and the names that the linker asks for, and nothing else', async () => {
    const out = join(folder, 'out');
    await extractWheel(await writeZip({ ...needed, 'tensorflow/python/other.py': 'no' }), out);
    expect(await readFile(join(out, 'lib/libtensorflow.so'), 'utf8')).toBe('the C API');
    expect(await readFile(join(out, 'lib/libtensorflow_framework.so'), 'utf8')).toBe('the framework');
    expect(await readlink(join(out, 'lib/libtensorflow.so.2'))).toBe('libtensorflow_cc.so.2');
    expect((await lstat(join(out, 'lib/libtensorflow_framework.so.2'))).isSymbolicLink()).toBe(false);
    await expect(access(join(out, 'python'))).rejects.toThrow();
    await expect(access(join(out, 'tensorflow'))).rejects.toThrow();
  });

  it('says what a wheel lacks', async () => {
    const { 'tensorflow/libtensorflow_framework.so.2': _, ...rest } = needed;
    await expect(extractWheel(await writeZip(rest), join(folder, 'out'))).rejects.toThrow(
      'the wheel lacks tensorflow/libtensorflow_framework.so.2',
    );
  });

  it('never writes outside its folder', async () => {
    const harmless = 'tensorflow/include/tsl/AA/AA/AA/evil.h';
    const file = await writeZip({ [harmless]: 'evil', ...needed });
    const bytes = (await readFile(file)).toString('latin1').replaceAll('AA/', '../');
    await writeFile(file, bytes, 'latin1');
    await expect(extractWheel(file, join(folder, 'out'))).rejects.toThrow(/relative path/);
    await expect(access(join(folder, 'out', 'evil.h'))).rejects.toThrow();
    await expect(access(join(folder, 'evil.h'))).rejects.toThrow();
  });

  it.each([0.3, 0.6, 0.95])('refuses a wheel cut off at %d of its length', async (part) => {
    const file = await writeZip(needed);
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, Math.floor(bytes.length * part)));
    await expect(extractWheel(file, join(folder, 'out'))).rejects.toThrow();
  });
});

describe('verifySha256', () => {
  it('accepts the file whose digest it is, and names both digests of another', async () => {
    const file = join(folder, 'abc');
    await writeFile(file, 'abc');
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    await verifySha256(file, digest);
    await writeFile(file, 'abd');
    await expect(verifySha256(file, digest)).rejects.toThrow(
      new RegExp(`is [0-9a-f]{64}, expected ${digest}`),
    );
  });
});

describe('downloadWheel', () => {
  const wheel = wheelFor('linux', 'x64')!;

  it('refuses a file of the right name and other content', async () => {
    const pip = join(folder, 'pip.mjs');
    await writeFile(
      pip,
      `import { writeFileSync } from 'node:fs';
       const dest = process.argv.find((arg) => arg.startsWith('--dest=')).slice(7);
       writeFileSync(dest + '/tensorflow_cpu.whl', 'not it');`,
    );
    await expect(downloadWheel([process.execPath, pip], wheel, folder, () => {})).rejects.toThrow(/SHA-256/);
  });

  it('passes on what pip said when it fails', async () => {
    const pip = join(folder, 'pip.mjs');
    await writeFile(pip, `console.error('ERROR: no such index'); process.exit(1);`);
    await expect(downloadWheel([process.execPath, pip], wheel, folder, () => {})).rejects.toThrow(
      /tensorflow-cpu==.*\nERROR: no such index/,
    );
  });
});

describe('wheelFor', () => {
  it.each([
    ['linux', 'x64', 'tensorflow-cpu'],
    ['linux', 'arm64', 'tensorflow'],
    ['linux', 'ia32', undefined],
    ['darwin', 'arm64', undefined],
    ['win32', 'x64', undefined],
  ])('on %s %s is of the project %s', (platform, arch, project) => {
    expect(wheelFor(platform, arch)?.project).toBe(project);
  });
});
