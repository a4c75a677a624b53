// Makes a fresh clone ready to run: dependencies first, then TensorFlow (docs/setup.md). Nothing is installed when it
// starts, so it imports nothing but Node. Ends at once when everything is there. `--retry` tries again what failed.
import { spawn } from 'node:child_process';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findPnpm, onPath, onWindows } from './find-pnpm.mjs';
import { nextStep, setupKey, tools } from './setup-marker.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'node_modules', '.heed');
const markerFile = join(folder, 'setup.json');
const lockFile = join(folder, 'setup.lock');
const logFile = join(folder, 'setup.log');

const say = (line) => console.error(`heed: ${line}`);

function fail(line) {
  say(line);
  process.exit(1);
}

function readMarker() {
  try {
    return JSON.parse(readFileSync(markerFile, 'utf8'));
  } catch {
    return undefined;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Waits until no other set-up works in this clone, then keeps others out until this process ends. */
async function takeLock() {
  mkdirSync(folder, { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      process.on('exit', () => rmSync(lockFile, { force: true }));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let holder = '';
    try {
      holder = readFileSync(lockFile, 'utf8');
    } catch {
      continue;
    }
    if (holder !== '' && !isRunning(Number(holder))) rmSync(lockFile, { force: true });
    else if (!waited) say(`another set-up is running here (process ${holder}); waiting for it`);
    await new Promise((wake) => setTimeout(wake, 300));
  }
}

async function installDependencies() {
  say('installing the dependencies with pnpm (the first time takes a minute)');
  const [command, ...args] = [
    ...findPnpm(),
    'install',
    '--frozen-lockfile',
    '--config.confirm-modules-purge=false',
  ];
  const log = createWriteStream(logFile);
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: onWindows,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      log.write(text);
    });
  }
  const code = await new Promise((done) => {
    child.on('error', (error) => {
      output += error.message;
      done(-1);
    });
    child.on('close', done);
  });
  log.end();
  if (code !== 0) {
    console.error(output.trimEnd());
    fail(
      `the dependencies could not be installed; the whole output is above and in ${relative('.', logFile)}`,
    );
  }
}

/** Whether pnpm has installed exactly this lockfile: it keeps a copy of what it installed. */
function isInstalled(lockfile) {
  try {
    return readFileSync(join(root, 'node_modules', '.pnpm', 'lock.yaml'), 'utf8') === lockfile;
  } catch {
    return false;
  }
}

async function stage(key) {
  say('looking for TensorFlow');
  const { tsImport } = await import('tsx/esm/api');
  const { stageTensorflow } = await tsImport('../packages/backend/src/node/staging.ts', import.meta.url);
  const result = await stageTensorflow({ report: say });
  const problems = result.ok ? [] : result.problems;
  const marker = {
    key,
    ok: result.ok,
    files: result.ok ? result.files.map((file) => relative(root, file)) : [],
    missing: problems.map(({ message }) => message),
    how: problems.map(({ remedy }) => remedy),
    absentTools: tools.filter((tool) => !onPath(tool)),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${markerFile}.new`, `${JSON.stringify(marker, null, 2)}\n`);
  renameSync(`${markerFile}.new`, markerFile);
  if (result.ok) {
    say(`ready, with TensorFlow ${result.tensorflow}`);
    return;
  }
  say('ready, without TensorFlow: everything runs on WebAssembly, which is slower, above all in training.');
  for (const { message, remedy } of problems) {
    say(`missing: ${message}`);
    say(`  to do: ${remedy}; then \`npm run setup\``);
  }
}

const [nodeMajor] = process.versions.node.split('.').map(Number);
if (nodeMajor < 20) fail(`this is Node ${process.versions.node}, and heed needs 20 or newer`);

const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
const key = setupKey(lockfile, {
  platform: process.platform,
  arch: process.arch,
  abi: process.versions.modules,
});
const now = {
  key,
  retry: process.argv.includes('--retry'),
  exists: (file) => existsSync(resolve(root, file)),
  onPath,
};

if (nextStep(readMarker(), now) !== 'ready') {
  await takeLock();
  const step = nextStep(readMarker(), now);
  if (step === 'install' && !isInstalled(lockfile)) await installDependencies();
  if (step !== 'ready') await stage(key);
}
