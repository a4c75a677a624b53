import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFolder } from '@heed/attention-core/node';
import { useBackend } from '@heed/backend';
import { type Recording, syntheticTones } from '@heed/speech-recognition';
import { parseTrace } from '@heed/visualization';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { graphFiles } from '../../../packages/image-captioning/test/tiny-network.js';
import { buildStudio, serveStudio } from '../src/build-studio.js';
import { chromiumPath } from './browser.js';
import { drop, pngFile, wavFile } from './dropped-files.js';
import { writeUntrainedModels } from './untrained-models.js';

/** For a busy machine: nothing here is about its speed. */
const PATIENCE = 180_000;

describe.skipIf(!chromiumPath)('the studio', () => {
  let folder: string;
  let address: string;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let server: Awaited<ReturnType<typeof serveStudio>>;
  /** What the browser complained of, and whom the page asked. */
  const complaints: string[] = [];
  const asked = new Set<string>();

  beforeAll(async () => {
    await useBackend();
    folder = await mkdtemp(join(tmpdir(), 'heed-studio-'));
    await writeUntrainedModels(join(folder, 'models'));
    await writeFolder(join(folder, 'features'), graphFiles());
    await buildStudio(join(folder, 'page'), {
      models: join(folder, 'models'),
      features: join(folder, 'features'),
    });
    server = await serveStudio(join(folder, 'page'), 4273);
    address = server.resolvedUrls?.local[0] as string;
    browser = await chromium.launch({
      executablePath: chromiumPath as string,
      args: ['--no-sandbox', '--use-fake-device-for-media-stream'],
    });
    context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
    context.setDefaultTimeout(PATIENCE);
    page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => void complaints.push(error.message));
    context.on('request', (request) => void asked.add(new URL(request.url()).origin));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The panel of the tab that is open. */
  const panel = () => page.locator('[role=tabpanel]:not([hidden])');

  let links = 0;

  /** Follows a link, and waits for its answer. The page stays, and with it the models that are loaded. */
  async function open(link: string) {
    links += 1;
    await page.mouse.move(0, 0);
    // What is there now is no answer to it.
    await page.evaluate(() => {
      for (const panel of document.querySelectorAll('[role=tabpanel]')) panel.setAttribute('data-old', '');
    });
    await page.goto(`${address}#${link}${link.includes('?') ? '&' : '?'}link=${links}`);
    const opened = page.locator('[role=tabpanel]:not([hidden]):not([data-old])');
    await opened.locator('article, .card.answer, .card.error').first().waitFor();
    return panel();
  }

  const output = async () => (await panel().locator('.output button').allTextContents()).join(' ');

  /** Until the model is at rest. */
  const settled = () => panel().locator('[aria-busy=false]').first().waitFor();

  test('translates, and a word shows its partners', async () => {
    const panel = await open('translation');
    expect(await output()).toBe('A little girl in a red dress is playing in the garden .');
    expect(page.workers()).toHaveLength(1);

    await panel.locator('.output button', { hasText: 'dress' }).hover();
    const robe = panel.locator('.input button', { hasText: 'robe' });
    expect(Number((await robe.getAttribute('class'))?.slice(1))).toBeGreaterThan(50);
    expect(await panel.locator('svg .row .cell.on').count()).toBe(12);
    await robe.hover();
    expect(await panel.locator('.output button', { hasText: 'dress' }).getAttribute('class')).toMatch(
      /^w\d+$/,
    );

    await panel.getByRole('button', { name: 'Lines' }).click();
    await expect.poll(() => panel.locator('svg path.link').count()).toBe(12 * 13);
    expect(await panel.getByRole('button', { name: 'Lines' }).getAttribute('aria-pressed')).toBe('true');
  });

  test('shows what the search gave up, step by step', async () => {
    const panel = await open('translation?text=Un%20chien%20court.');
    await panel.getByText('Step through the search').click();
    const rows = panel.locator('.beam tbody tr');
    const texts = async () => rows.locator('th').allTextContents();
    const first = await texts();
    await panel.locator('.beam').getByRole('button', { name: 'On' }).click();
    expect(await panel.getByText(/^Step 2 of \d+$/).count()).toBe(1);
    expect(await texts()).not.toEqual(first);
    expect(await rows.filter({ hasText: 'given up' }).count()).toBe(5);
    expect(await rows.filter({ hasText: 'goes on' }).filter({ hasText: '●' }).count()).toBe(1);
    await panel.locator('.beam input').press('End');
    const ended = rows.filter({ hasText: '●' }).filter({ hasText: 'ended' });
    const answer = (await output()).replace(' .', '.');
    const all: string[] = [];
    for (let more = true; more; ) {
      all.push(...(await ended.locator('th').allTextContents()));
      const back = panel.locator('.beam').getByRole('button', { name: 'Back' });
      more = await back.isEnabled();
      if (more) await back.click();
    }
    expect(all).toEqual([`● on the way to the answer: ${answer}`]);
  });

  test('strikes out what a word looked at, and puts it back', async () => {
    const panel = await open('translation');
    await panel.locator('.output button', { hasText: 'dress' }).click();
    await panel.getByRole('button', { name: 'Strike it out' }).click();
    await panel.locator('.erasure .answer').waitFor();
    expect(await panel.locator('.erasure').textContent()).toContain('Without “robe”');
    expect(await panel.locator('.erasure del').allTextContents()).toContain('dress');
    await panel.getByRole('button', { name: 'Put it back' }).click();
    expect(await panel.locator('.erasure .answer').count()).toBe(0);

    await panel.locator('.input button', { hasText: '</s>' }).click();
    await panel.getByRole('button', { name: 'Strike it out' }).click();
    expect(await panel.locator('.erasure .error').textContent()).toContain('cannot be struck out');
  });

  test('sets the fixed vector beside attention', async () => {
    const panel = await open('translation?text=un%20chien');
    const section = panel.locator('section', { hasText: 'With one fixed vector' });
    await expect.poll(() => section.locator('.answer').textContent(), { timeout: PATIENCE }).not.toBe('…');
    expect((await section.locator('.answer').textContent())?.length).toBeGreaterThan(0);
  });

  test('a link holds the input, and text with markup in it is shown as text', async () => {
    const text = '<img src=x onerror="document.title=1"> & <b>chien</b>';
    const panel = await open(`translation?${new URLSearchParams({ text })}`);
    expect(await panel.locator('textarea').inputValue()).toBe(text);
    expect(await panel.locator('article').textContent()).toContain('<');
    expect(await page.locator('img, b, [onerror]').count()).toBe(0);
    expect(await page.title()).toBe('heed studio');
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await panel.getByRole('button', { name: 'Copy link' }).click();
    await panel.getByText('The link is copied.').waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(new URLSearchParams(new URL(copied).hash.split('?')[1]).get('text')).toBe(text);
  });

  test('saves the figure as SVG and PNG, and the trace', async () => {
    const panel = await open('translation?text=Un%20chien');
    const saved: Record<string, Buffer> = {};
    for (const [name, button] of [
      ['svg', 'Save SVG'],
      ['png', 'PNG'],
      ['json', 'Trace'],
    ] as const) {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        panel.getByRole('button', { name: button, exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`translation.${name}`);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      saved[name] = Buffer.concat(chunks);
    }
    expect(saved.svg?.toString()).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(saved.png?.subarray(1, 4).toString()).toBe('PNG');
    const trace = parseTrace(JSON.parse(saved.json?.toString() ?? ''), 'saved');
    expect(trace.input).toMatchObject({ text: 'Un chien' });

    // The same trace, dropped on the page, is drawn by the same view.
    await drop(page, { name: 'trace.json', type: 'application/json', content: saved.json as Buffer });
    const dropped = page.locator('#panel-trace article');
    await dropped.waitFor();
    expect(await dropped.locator('.input button').allTextContents()).toEqual(['Un', 'chien', '</s>']);
  });

  test('captions scenes and dropped pictures, word by word', async () => {
    const panel = await open('image-captioning?scene=7');
    expect(await output()).toMatch(/^a (large|small) \w+ \w+ (above|below|left of|right of) a /);
    const map = panel.locator('.stage .map');
    expect(await map.getAttribute('href')).toBeNull();
    await panel.getByRole('button', { name: 'Play the words' }).click();
    await expect.poll(() => map.getAttribute('href'), { timeout: PATIENCE }).toMatch(/^data:image\/png/);
    await panel.getByRole('button', { name: 'Stop' }).click();

    await panel.locator('.part').nth(3).click();
    await panel.getByRole('button', { name: 'Strike it out' }).click();
    await panel.locator('.erasure .answer').waitFor();
    expect(await panel.locator('.erasure img').count()).toBe(1);

    await drop(page, await pngFile(page));
    await panel.locator('dd', { hasText: 'drawn.png' }).waitFor();
    await settled();
    await drop(page, { name: 'broken.png', type: 'image/png', content: Buffer.from('not a picture') });
    await panel.getByText('broken.png is not a picture that this browser can read').waitFor();
    await panel.getByRole('button', { name: 'Another scene' }).click();
    await panel.locator('dd', { hasText: 'scene 8' }).waitFor();
  });

  test('captions pictures by the features of a network that it was given', async () => {
    const panel = await open('image-captioning');
    await panel.getByLabel('Model').selectOption({ label: 'image-captioning-flickr8k' });
    expect(await panel.getByRole('button', { name: 'Another scene' }).count()).toBe(0);
    await drop(page, await pngFile(page));
    await panel.locator('dd', { hasText: 'drawn.png' }).waitFor();
    await settled();
    // Nobody trained it, but for any words it looks at 3 x 2 places.
    await panel.locator('.part').first().click();
    await panel.getByRole('button', { name: 'Strike it out' }).click();
    await panel.locator('.erasure .answer').waitFor();
    expect(complaints).toEqual([]);
  });

  test('hears tones and dropped recordings, and plays a symbol’s frames', async () => {
    const [tones] = syntheticTones({ count: 1, seed: 5 });
    const panel = await open('speech-recognition?tones=5');
    expect(await output()).toBe(tones?.phonemes);
    await panel.locator('.output button').first().click();
    await panel.getByRole('button', { name: 'Strike it out' }).click();
    await panel.locator('.erasure .answer').waitFor();
    expect(await panel.locator('.waveform').count()).toBe(2);

    await drop(page, await wavFile(tones?.audio as Recording, folder));
    await panel.locator('dd', { hasText: 'tones.wav' }).waitFor();
    expect(await output()).toBe(tones?.phonemes);
    await drop(page, { name: 'text.wav', type: 'audio/wav', content: Buffer.from('not a recording') });
    await panel.getByText('text.wav is not a recording that this browser can read').waitFor();
    await panel.getByRole('button', { name: 'Other tones' }).click();
    await panel.locator('dd', { hasText: 'tones 6' }).waitFor();

    // This browser's microphone is one that beeps.
    await context.grantPermissions(['microphone']);
    await panel.getByRole('button', { name: 'Record', exact: true }).click();
    await panel.getByRole('button', { name: 'Stop recording' }).waitFor();
    await page.waitForTimeout(500);
    await panel.getByRole('button', { name: 'Stop recording' }).click();
    await panel.locator('dd', { hasText: 'your recording' }).waitFor();

    await panel.getByLabel('Model').selectOption('speech-recognition-an4-phonemes');
    await panel.getByText('as phonemes').waitFor();
    await drop(page, await wavFile(tones?.audio as Recording, folder));
    await panel.locator('dd', { hasText: 'tones.wav' }).waitFor();
    expect(await panel.getByRole('button', { name: 'Other tones' }).count()).toBe(0);
  });

  test('judges pairs, and says what cannot be judged', async () => {
    const pair = {
      premise: 'three red balls are in the box',
      hypothesis: 'two <i>things</i> are in the box',
    };
    const panel = await open(`entailment?${new URLSearchParams(pair)}`);
    const shares = await panel.locator('.verdict tbody td:nth-of-type(1)').allTextContents();
    const related = Number(await panel.locator('.verdict tfoot td').first().textContent());
    expect(related).toBeGreaterThanOrEqual(1);
    expect(related).toBeLessThanOrEqual(5);
    expect(shares).toHaveLength(3);
    expect(shares.reduce((sum, text) => sum + Number.parseFloat(text), 0)).toBeCloseTo(100, 0);
    expect(await panel.locator('.input button').first().textContent()).toBe('three');
    expect(await panel.locator('article i').count()).toBe(0);
    await panel.locator('.input button', { hasText: 'red' }).click();
    await panel.getByRole('button', { name: 'Strike it out' }).click();
    await panel.locator('.erasure .answer').waitFor();

    await panel.getByLabel('Premise').fill('');
    await panel.getByRole('button', { name: 'Compare' }).click();
    await panel.getByText('the premise has no words').waitFor();
  });

  test('summarizes, and shades the words that were looked at', async () => {
    const panel = await open('summarization');
    expect(await panel.locator('.input button[data-rest]').count()).toBeGreaterThan(0);
    expect((await output()).length).toBeGreaterThan(0);
    await panel.locator('.output button').first().click();
    await panel.getByRole('button', { name: 'Strike it out' }).click();
    await panel.locator('.erasure .answer').waitFor();
  });

  test('refuses files that are not what they say', async () => {
    await page.goto(`${address}#trace`);
    const error = page.locator('#panel-trace .error');
    const files = {
      'not-json.json': ['{', 'not-json.json is not JSON'],
      'other.json': ['{"version":2}', 'other.json is not an attention trace (version 1)'],
      'empty.json': ['[]', 'empty.json holds no trace'],
    } as const;
    for (const [name, [content, message]] of Object.entries(files)) {
      await drop(page, { name, type: 'application/json', content: Buffer.from(content) });
      await error.filter({ hasText: message }).waitFor();
    }
    await drop(page, { name: 'notes.txt', type: 'text/plain', content: Buffer.from('hello') });
    await page.getByText('notes.txt: a picture, a recording or a trace (.json) is expected').waitFor();
  });

  test('works by keyboard', async () => {
    const panel = await open('translation?text=Un%20chien');
    await page.locator('#tab-translation').focus();
    await page.keyboard.press('ArrowLeft');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('tab-trace');
    await page.keyboard.press('Home');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
    await panel.locator('.output button').first().focus();
    await page.keyboard.press('ArrowRight');
    const second = panel.locator('.output button').nth(1);
    expect(await second.evaluate((word) => word === document.activeElement)).toBe(true);
    expect(await second.getAttribute('class')).toBe('here');
    await page.keyboard.press('Enter');
    await panel.getByRole('button', { name: 'Strike it out' }).waitFor();
  });

  /** What axe finds that is serious, by tab. */
  async function faultsOf(tab: string, options: axe.RunOptions): Promise<string[]> {
    await page.locator(`#tab-${tab}`).click();
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate(
      (given) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, given),
      options,
    );
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${tab}: ${id}: ${html}`));
  }

  test('axe finds nothing serious in any tab, light or dark, and nothing is too wide', async () => {
    const tabs = ['translation', 'image-captioning', 'entailment', 'speech-recognition', 'summarization'];
    // Short inputs, whose figures and tables are soon looked through.
    const short: Record<string, string> = {
      translation: '?text=Un%20chien',
      summarization: '?text=A%20dog%20runs.',
    };
    for (const tab of tabs) await open(`${tab}${short[tab] ?? ''}`);
    for (const tab of [...tabs, 'trace']) {
      expect(await faultsOf(tab, {})).toEqual([]);
      for (const width of [360, 768, 1400]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
    }
    await page.emulateMedia({ colorScheme: 'dark' });
    for (const tab of tabs) expect(await faultsOf(tab, { runOnly: ['color-contrast'] })).toEqual([]);
  });

  test('is the same without a network, once it was loaded', async () => {
    await expect
      .poll(() => page.evaluate(() => navigator.serviceWorker.controller?.state), { timeout: PATIENCE })
      .toBe('activated');
    await server.close();
    expect(await fetch(address).catch(() => undefined)).toBeUndefined();
    await page.goto('about:blank');
    await open('translation?text=Un%20chien');
    expect(await output()).toBe('A dog');
    await open('speech-recognition?tones=5');
    await open('summarization');
  });

  test('asked nobody else for anything, and broke no rule of its policy', () => {
    expect([...asked].filter((origin) => origin !== 'null')).toEqual([new URL(address).origin]);
    expect(complaints).toEqual([]);
  });
});
