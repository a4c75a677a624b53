import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'tsup.config.ts')),
);

// As they are published, but for the declarations, which the check of types covers.
beforeAll(async () => {
  const tsup = join(root, 'node_modules/tsup/dist/cli-default.js');
  for (const name of packages)
    await run(process.execPath, [tsup, '--no-dts'], { cwd: join(root, 'packages', name) });
});

/** Runs a program in a package's folder, from what was built. */
async function program(name: string, code: string, env: Record<string, string> = {}): Promise<string> {
  const options = { cwd: join(root, 'packages', name), env: { ...process.env, ...env } };
  return (await run(process.execPath, ['--input-type=module', '--eval', code], options)).stdout;
}

it('every package can be imported from what was built', async () => {
  for (const name of packages.filter((name) => name !== 'cli')) {
    const code = `
      console.log(import.meta.resolve('@heed/${name}').endsWith('/dist/index.js'));
      console.log(Object.keys(await import('@heed/${name}')).length > 0);`;
    expect(await program(name, code), name).toBe('true\ntrue\n');
  }
});

it.each(['', 'wasm'])('what was built translates: HEED_BACKEND=%s', async (backend) => {
  const code = `
    import { useBackend } from '@heed/backend';
    import { Translator } from '@heed/translation';
    await useBackend();
    const translator = await Translator.load('@heed/translation-fr-en');
    console.log((await translator.translate(['Un chien court sur la plage.']))[0][0].text);`;
  expect(await program('cli', code, backend ? { HEED_BACKEND: backend } : {})).toBe(
    'A dog runs on the beach.\n',
  );
});
