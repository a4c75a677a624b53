import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type TranslationConfig, translationPresets } from '@heed/translation';
import { writeSyntheticCorpus } from '@heed/translation/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { heed, heedOnCpu, type Run } from './heed.js';

const STEPS = 20;
const { small } = translationPresets;
const tiny: TranslationConfig = {
  ...small,
  network: { ...small.network, embedding: 8, encoderUnits: 8, decoderUnits: 12, attention: 8 },
  training: { ...small.training, steps: STEPS, stepsPerValidation: 10, validationSentences: 5 },
  decoding: { beamSize: 2, lengthPenalty: 1 },
};

const folder = mkdtempSync(join(tmpdir(), 'heed-cli-'));
const at = (...names: string[]) => join(folder, ...names);
const [corpus, config, model] = [at('dates'), at('tiny.json'), at('model')];
const trainInto = (out: string) => ['train', 'translation', '--data', corpus, '--out', out];
const predict = ['predict', 'translation', '--model', model];

interface LogEntry {
  readonly step: number;
  readonly loss?: number;
  readonly validation?: Record<string, number>;
}

/** The log without what depends on the machine's speed. */
function readLog(out: string): Pick<LogEntry, 'step' | 'loss' | 'validation'>[] {
  const lines = readFileSync(join(out, 'log.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const { step, loss, validation } = JSON.parse(line) as LogEntry;
    return {
      step,
      ...(loss === undefined ? {} : { loss }),
      ...(validation === undefined ? {} : { validation }),
    };
  });
}

/** One clear line, no stack, nothing on standard output. */
function expectError({ code, stdout, stderr }: Run, exitCode: number, ...parts: (string | RegExp)[]): void {
  expect(stderr).toHaveLength(1);
  expect(stderr[0]).toMatch(/^heed: /);
  expect(stderr[0]).not.toContain('\u001b');
  for (const part of parts) expect(stderr[0]).toMatch(part);
  expect(stdout).toBe('');
  expect(code).toBe(exitCode);
}

let trained: Run;

beforeAll(async () => {
  await writeSyntheticCorpus(corpus, { train: 300, validation: 10, test: 10, seed: 1 });
  writeFileSync(config, JSON.stringify(tiny));
  trained = await heed([...trainInto(model), '--config', config, '--seed', '3']);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('heed train', { concurrent: true }, () => {
  test('writes a model, a checkpoint and a log, and says where', () => {
    expect(trained.code).toBe(0);
    expect(trained.stdout).toBe(`${model}\n`);
    expect(trained.stderr.join('\n')).toMatch(/best validation: bleu [\d.]+, chrf [\d.]+ at step \d+/);
    expect(JSON.parse(readFileSync(join(model, 'config.json'), 'utf8'))).toEqual(tiny);
    const log = readLog(model);
    expect(log.filter(({ loss }) => loss !== undefined).map(({ step }) => step)).toEqual(
      Array.from({ length: STEPS }, (_, i) => i + 1),
    );
    expect(log.filter(({ validation }) => validation).map(({ step }) => step)).toEqual([10, 20]);
  });

  test('interrupted, then killed, it goes on exactly as if it had not been', async () => {
    const out = at("interrupted, and n't ended");
    const hook = fileURLToPath(new URL('signal-at-step.cjs', import.meta.url));
    const signalled = (signal: string, step: number) => ({
      env: { NODE_OPTIONS: `--require ${hook}`, HEED_TEST_SIGNAL: signal, HEED_TEST_STEP: String(step) },
    });
    const interrupted = await heed(
      [...trainInto(out), '--config', config, '--seed', '3'],
      signalled('SIGINT', 6),
    );
    expect(interrupted.code).toBe(130);
    const again = trainInto(`'${out.replace("n't", "n'\\''t")}'`);
    expect(interrupted.stderr.at(-1)).toBe(`heed: to go on: heed ${again.join(' ')} --resume`);
    const killed = await heed([...trainInto(out), '--resume'], signalled('SIGKILL', 17));
    expect(killed.signal).toBe('SIGKILL');
    expect(readLog(out).at(-1)?.step).toBe(17);
    const finished = await heed([...trainInto(out), '--resume']);
    expect(finished.code).toBe(0);
    expect(readLog(out)).toEqual(readLog(model));
    expect(readFileSync(join(out, 'model.safetensors'))).toEqual(
      readFileSync(join(model, 'model.safetensors')),
    );
  });

  test('refuses to go on with another configuration, and leaves the model alone', async () => {
    const other = at('other.json');
    writeFileSync(other, JSON.stringify({ ...tiny, training: { ...tiny.training, clip: 7 } }));
    // Of its own: another test that trains into a folder would hold its lock.
    const out = at('as-it-was');
    cpSync(model, out, { recursive: true });
    const run = await heedOnCpu([...trainInto(out), '--config', other, '--resume']);
    expectError({ ...run, stderr: run.stderr.slice(-1) }, 1, 'config.training.clip: 1, and not 7');
    expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toEqual(tiny);
  });

  test.each<[string, () => string[], number, RegExp]>([
    ['a model that is there already', () => trainInto(model), 1, /already holds a model.*--resume/],
    [
      'an unknown task',
      () => ['train', 'telepathy', '--data', 'x', '--out', 'y'],
      2,
      /no task "telepathy".*translation/,
    ],
    [
      'an unknown preset',
      () => [...trainInto(at('new')), '--preset', 'big'],
      2,
      /no preset "big".*practical/,
    ],
    [
      'a configuration that is no JSON',
      () => [...trainInto(at('new')), '--config', join(corpus, 'val.en')],
      1,
      /val\.en: not JSON/,
    ],
    ['no --data', () => ['train', 'translation', '--out', 'y'], 2, /--data/],
    [
      'a file in the place of the folder',
      () => ['train', 'translation', '--data', corpus, '--out', join(corpus, 'val.en')],
      1,
      /val\.en: it is a file, and a folder is expected/,
    ],
  ])('names %s', async (_, args, code, message) => {
    const { stderr, ...run } = await heedOnCpu(args());
    expectError({ ...run, stderr: stderr.slice(-1) }, code, message);
  });

  test('names the line where one language ends', async () => {
    const uneven = at('uneven');
    cpSync(corpus, uneven, { recursive: true });
    const lines = readFileSync(join(uneven, 'train.en'), 'utf8').split('\n');
    writeFileSync(join(uneven, 'train.en'), lines.slice(0, 50).join('\n'));
    const run = await heedOnCpu([
      'train',
      'translation',
      '--data',
      uneven,
      '--out',
      at('new'),
      '--config',
      config,
    ]);
    expectError({ ...run, stderr: run.stderr.slice(-1) }, 1, /train\.en/, /\b5[01]\b/);
  });
});

const evaluation = (split: string, ...more: string[]) => [
  ...['evaluate', 'translation', '--model', model, '--data', corpus],
  ...['--split', split, ...more],
];

describe('heed evaluate', { concurrent: true }, () => {
  test('prints metrics with signatures as JSON', async () => {
    const args = evaluation('test', '--limit', '6');
    const { code, stdout } = await heed([...args, '--beam', '1', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      task: 'translation',
      model,
      data: corpus,
      split: 'test',
      sentences: 6,
      beam: 1,
      lengthPenalty: 1,
      metrics: [
        {
          name: 'BLEU',
          score: expect.any(Number),
          signature: expect.stringMatching(/^nrefs:1\|bs:1000\|seed:12345\|case:mixed\|.*tok:13a/),
          low: expect.any(Number),
          high: expect.any(Number),
        },
        { name: 'BLEU lowercase', score: expect.any(Number), signature: expect.stringContaining('case:lc') },
        { name: 'chrF2', score: expect.any(Number), signature: expect.stringContaining('nc:6') },
      ],
      seconds: expect.any(Number),
    });
  });

  test('names an unknown split and those there are', async () => {
    const run = await heedOnCpu(evaluation('tset'));
    expectError(run, 1, /no split "tset".*test, train, val/);
  });
});

describe('heed predict', { concurrent: true }, () => {
  test('answers line by line, with traces that plot draws', async () => {
    const trace = at('trace.json');
    const file = at('lines.txt');
    writeFileSync(file, '\ufeff3 mai 1998\r\n\r\n5 juin 2003');
    const { code, stdout, stderr } = await heed([
      ...predict,
      '--json',
      '--n-best',
      '2',
      '--trace',
      trace,
      file,
    ]);
    expect(stderr).toEqual([]);
    expect(code).toBe(0);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ source }) => source)).toEqual(['3 mai 1998', '', '5 juin 2003']);
    expect(answers[1]).toMatchObject({ text: '', tokens: [] });
    expect(answers[0]).toEqual({
      source: '3 mai 1998',
      text: expect.any(String),
      tokens: expect.any(Array),
      score: expect.any(Number),
      alternatives: [{ text: expect.any(String), tokens: expect.any(Array), score: expect.any(Number) }],
    });
    expect(
      JSON.parse(readFileSync(trace, 'utf8')).map(({ input }: { input: { text: string } }) => input.text),
    ).toEqual(['3 mai 1998', '5 juin 2003']);
    const page = await heed(['plot', trace, '--out', at('page.html')]);
    expect(page).toMatchObject({ code: 0, stdout: '', stderr: [] });
    expect(readFileSync(at('page.html'), 'utf8')).toContain('juin');
    expectError(await heed(['plot', trace, '--out', at('one.svg')]), 1, /holds 2 traces/);
  });

  test('answers the same on every backend', async () => {
    const input = '3 mai 1998\n\n5 juin 2003\n';
    const runs = await Promise.all(
      ['wasm', 'cpu'].map((backend) => heed(predict, { input, env: { HEED_BACKEND: backend } })),
    );
    const first = await heed(predict, { input });
    expect(first.stdout.split('\n')).toHaveLength(4);
    for (const run of runs) expect(run).toEqual(first);
  });

  test('answers nothing to nothing', async () => {
    expect(await heedOnCpu(predict)).toMatchObject({ code: 0, stdout: '', stderr: [] });
  });

  test('reads gzip, from a file and from standard input, and names a file whose data end early', async () => {
    const [file, cut] = [at('lines.txt.gz'), at('cut.txt.gz')];
    const packed = gzipSync('3 mai 1998\n\n5 juin 2003\n');
    writeFileSync(file, packed);
    writeFileSync(cut, packed.subarray(0, -12));
    const plain = await heedOnCpu(predict, '3 mai 1998\n\n5 juin 2003\n');
    expect(plain.stdout.split('\n')).toHaveLength(4);
    expect(await heedOnCpu([...predict, file])).toEqual(plain);
    expect(await heedOnCpu(predict, packed)).toEqual(plain);
    const run = await heedOnCpu([...predict, cut]);
    expectError({ ...run, stdout: '' }, 1, /cut\.txt\.gz: its gzip data end early/);
  });

  test('writes its trace though nobody reads its answers', async () => {
    const trace = at('unread.json');
    const run = await heed([...predict, '--trace', trace], {
      input: '3 mai 1998\n5 juin 2003\n',
      env: { HEED_BACKEND: 'cpu' },
      closeOutput: true,
    });
    expect(run).toMatchObject({ code: 0, stderr: [] });
    expect(JSON.parse(readFileSync(trace, 'utf8'))).toHaveLength(2);
  });

  test('names the line that is not UTF-8', async () => {
    const file = at('latin1.txt');
    writeFileSync(file, Buffer.from('3 mai 1998\n5 ao\u00fbt 2003\n', 'latin1'));
    const trace = at('before-the-fault.json');
    const { stdout, ...run } = await heedOnCpu([...predict, file, '--trace', trace]);
    expectError({ ...run, stdout: '' }, 1, /latin1\.txt, line 2: not UTF-8/);
    // What comes before the fault is answered and traced.
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(readFileSync(trace, 'utf8')).input.text).toBe('3 mai 1998');
  });

  test('names a trace that cannot be written before it answers', async () => {
    const input = '3 mai 1998\n';
    const into = (trace: string) => heedOnCpu([...predict, '--trace', trace], input);
    expectError(
      await into(at('none/trace.json')),
      1,
      /none.trace\.json: it cannot be written: .*no such folder/,
    );
    expectError(await into(corpus), 1, /it cannot be written: it is a folder/);
  });

  test('names the line that is too long, counted from the first of the input, and answers the others', async () => {
    const long = 'mot '.repeat(10_000);
    const input = `${'\n'.repeat(69)}3 mai 1998\n${long}\n5 juin 2003\n`;
    const [plain, json, good] = [
      await heed(predict, { input }),
      await heed([...predict, '--json'], { input }),
      await heed(predict, { input: '3 mai 1998\n\n5 juin 2003\n' }),
    ];
    // The line keeps its place, so that answers and lines stand side by side.
    expect(plain.stdout).toBe(`${'\n'.repeat(69)}${good.stdout}`);
    for (const run of [plain, json])
      expectError({ ...run, stdout: '' }, 1, /standard input, line 71: .*split it/);
    const [before, refused, after] = json.stdout
      .trimEnd()
      .split('\n')
      .slice(69)
      .map((line) => JSON.parse(line));
    const [first, , second] = good.stdout.split('\n');
    expect([before.text, after.text]).toEqual([first, second]);
    expect(refused).toEqual({ source: long, error: expect.stringMatching(/^the sentence has \d+ tokens/) });
  });

  test('names a missing model, and one whose weights are cut short', async () => {
    expectError(
      await heedOnCpu(['predict', 'translation', '--model', at('none')]),
      1,
      /none: there is no such folder/,
    );
    const cut = at('cut');
    mkdirSync(cut);
    for (const file of ['config.json', 'tokenizer.json', 'model.safetensors'])
      cpSync(join(model, file), join(cut, file));
    const weights = join(cut, 'model.safetensors');
    truncateSync(weights, statSync(weights).size - 100);
    expectError(await heedOnCpu(['predict', 'translation', '--model', cut]), 1, /model\.safetensors/);
  });

  test('wants a beam that is wide enough', async () => {
    expectError(await heedOnCpu([...predict, '--n-best', '3']), 2, /--beam 3/);
    expectError(await heedOnCpu([...predict, '--beam', 'wide']), 2, /whole number from 1 to 100/);
    expectError(await heedOnCpu([...predict, '--beam', '101']), 2, /--beam.*whole number from 1 to 100/);
    expectError(await heedOnCpu([...predict, '--n-best', '101']), 2, /--n-best.*from 1 to 100/);
    expectError(await heedOnCpu(evaluation('test', '--beam', '101')), 2, /--beam.*from 1 to 100/);
  });
});

describe('heed pack', { concurrent: true }, () => {
  const packInto = (out: string, ...models: readonly string[]) =>
    heedOnCpu(['pack', ...models, '--out', at(out)]);
  const answer = async (folder: string) =>
    heed([...predict.slice(0, 3), at(folder)], { input: '3 mai 1998\n' });

  test('halves the weights; a model twice over answers as the model does', async () => {
    for (const [out, models] of Object.entries({ once: [model], twice: [model, model] })) {
      expect(await packInto(out, ...models)).toMatchObject({ code: 0, stdout: '', stderr: [] });
    }
    const bytes = (folder: string) => statSync(join(folder, 'model.safetensors')).size;
    expect(bytes(at('once'))).toBeLessThan(0.75 * bytes(model));
    expect(bytes(at('twice'))).toBeGreaterThan(1.5 * bytes(at('once')));
    const alone = await answer('once');
    expect(alone.code).toBe(0);
    expect(await answer('twice')).toEqual(alone);
    const training = JSON.parse(readFileSync(at('twice', 'training.json'), 'utf8'));
    expect(training).toMatchObject({ networks: [{ seed: 3 }, { seed: 3 }], digests: expect.any(Object) });
  });

  test('names the model that does not go with the first', async () => {
    const other = at('other-tokenizer');
    cpSync(model, other, { recursive: true });
    writeFileSync(join(other, 'tokenizer.json'), '{}');
    expectError(await packInto('neither', model, other), 1, /other-tokenizer: its task or its tokenizer/);
    expectError(await heedOnCpu(['pack', model, '--out', model]), 1, /holds a training with its checkpoint/);
    expectError(await packInto('of-nothing', at('no-model')), 1, /no-model.*there is no such file/);
    writeFileSync(at('occupied'), '');
    cpSync(model, at('no-config'), { recursive: true });
    writeFileSync(at('no-config', 'config.json'), '[1]');
    expectError(
      await packInto('odd', at('no-config')),
      1,
      /no-config.config\.json: task: expected one of tr/,
    );
    writeFileSync(at('no-config', 'config.json'), JSON.stringify({ ...tiny, network: {} }));
    expectError(await packInto('odd', at('no-config')), 1, /no-config.config\.json: network\./);
    expect(existsSync(at('odd'))).toBe(false);
    expectError(await packInto('occupied', model), 1, /occupied: it is a file, and a folder is expected/);
  });

  test('refuses an ensemble within an ensemble, and networks that do not go together', async () => {
    const [pair, blind] = [at('pair'), at('blind')];
    for (const folder of [pair, blind]) cpSync(model, folder, { recursive: true });
    const { network } = tiny;
    writeFileSync(join(pair, 'config.json'), JSON.stringify({ ...tiny, ensemble: [network] }));
    expectError(await packInto('nested', model, pair), 1, /pair: it is an ensemble itself/);
    const other = { ...tiny, network: { ...network, decoder: 'cho' } };
    writeFileSync(join(blind, 'config.json'), JSON.stringify(other));
    expectError(await packInto('mixed', model, blind), 1, /together: .*and attend if that does/);
    writeFileSync(
      join(blind, 'config.json'),
      JSON.stringify({ ...tiny, languages: { source: 'de', target: 'en' } }),
    );
    expectError(
      await packInto('mixed', model, blind),
      1,
      /blind.config\.json: languages: it must be that of/,
    );
    expect([existsSync(at('nested')), existsSync(at('mixed'))]).toEqual([false, false]);
  });
});

describe('heed plot', { concurrent: true }, () => {
  const hostile = {
    version: 1,
    task: 'translation',
    input: { kind: 'tokens', text: '<script>alert(1)</script>', tokens: ['<script>alert(1)</script>'] },
    output: { text: '\u001b[31mred', tokens: ['\u001b[31mred'] },
    weights: [[1]],
  };

  test.each(['svg', 'html'])('draws hostile text as text: %s', async (ending) => {
    writeFileSync(at('hostile.json'), JSON.stringify(hostile));
    const out = at(`hostile.${ending}`);
    expect(await heed(['plot', at('hostile.json'), '--out', out])).toMatchObject({ code: 0, stderr: [] });
    const drawn = readFileSync(out, 'utf8');
    expect(drawn).not.toContain('<script>alert');
    expect(drawn).not.toContain('\u001b');
    expect(drawn).toContain('alert(1)');
  });

  test('names what is wrong with a trace, and lets it steer nothing', async () => {
    writeFileSync(at('bad.json'), JSON.stringify({ ...hostile, '\u001b[2J': 1 }));
    expectError(await heed(['plot', at('bad.json'), '--out', at('bad.svg')]), 1, /not an attention trace/);
    writeFileSync(at('broken.json'), '{"version":');
    expectError(await heed(['plot', at('broken.json'), '--out', at('bad.svg')]), 1, /broken\.json: not JSON/);
    expectError(await heed(['plot', at('hostile.json'), '--out', at('bad.png')]), 2, /\.svg or \.html/);
    const nowhere = await heed(['plot', at('hostile.json'), '--out', at('none/a.svg')]);
    expectError(nowhere, 1, /none.a\.svg: it cannot be written: there is no such folder/);
  });
});

describe('heed', { concurrent: true }, () => {
  test('inspect shows the parts of a model, with what they add up to', async () => {
    const { code, stdout } = await heed(['inspect', model]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/network\.decoder +bahdanau/);
    expect(stdout).toMatch(/decoder\.attention\.score\.query\.kernel +F32 \[12, 8\] +96/);
    const total = Number(/^([\d,]+) parameters$/m.exec(stdout)?.[1]?.replaceAll(',', ''));
    const parts = [...stdout.matchAll(/F32 \[[\d, ]*\] +([\d,]+)$/gm)].map(([, n]) =>
      Number(n?.replaceAll(',', '')),
    );
    expect(parts.reduce((a, b) => a + b)).toBe(total);
    expect(stdout).toMatch(/seed +3/);
  });

  test('says nothing when whoever reads it stops', async () => {
    expect(await heed(['inspect', model], { closeOutput: true })).toMatchObject({ code: 0, stderr: [] });
  });

  test('doctor tells which backend runs', async () => {
    const { code, stdout } = await heed(['doctor'], { env: { HEED_BACKEND: 'wasm' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/backend +wasm, because HEED_BACKEND says so/);
  });

  test('knows its version, its verbs and what is not one', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await heed(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
    const help = await heed(['train', '--help']);
    expect(help).toMatchObject({
      code: 0,
      stderr: [],
      stdout: expect.stringContaining('$ heed train translation'),
    });
    expectError(await heed(['trian']), 2, /unknown command 'trian' \(Did you mean train\?\)/);
  });

  test('shows a stack only when asked', async () => {
    const { code, stderr } = await heed(['--debug', 'inspect', at('none')]);
    expect(code).toBe(1);
    expect(stderr.join('\n')).toMatch(/\n +at .+/);
  });
});
