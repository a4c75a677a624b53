import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cpuFeatures, type DoctorReport, doctor, formatDoctor } from '../src/node/doctor.js';

const healthy: DoctorReport = {
  node: { version: 'v20.1.2', napi: '9' },
  platform: { name: 'linux', arch: 'x64', glibc: '2.36' },
  cpu: { model: 'Some Processor', count: 4, features: ['avx2', 'fma'], memoryBytes: 8 * 2 ** 30 },
  tools: {
    python: { command: ['python3'], version: 'Python 3.11.7' },
    pip: { command: ['python3', '-m', 'pip'], version: 'pip 23.2' },
    compiler: { command: ['g++'], version: 'g++ 12.2.0' },
  },
  libtensorflow: { folder: '/cache/lib', version: '2.19.1' },
  addon: { installed: true, loads: true, package: '4.22.0', tensorflow: '2.19.1' },
  backend: { name: 'node', why: 'the addon loads' },
  cache: { folder: '/cache', bytes: 750_000_000 },
  problems: [],
};

describe('formatDoctor', () => {
  it('shows a healthy machine in aligned lines', () => {
    expect(formatDoctor(healthy)).toBe(
      [
        'Node        v20.1.2, N-API 9',
        'platform    linux x64, glibc 2.36',
        'processor   4 x Some Processor (avx2 fma), 8.0 GiB of memory',
        'Python      Python 3.11.7',
        'pip         pip 23.2',
        'compiler    g++ 12.2.0',
        'TensorFlow  2.19.1 in /cache/lib',
        'addon       tfjs-node 4.22.0 loads',
        'cache       /cache, 750 MB',
        'backend     node, because the addon loads',
        '',
        'Everything is in order.',
      ].join('\n'),
    );
  });

  it('names what is absent, and what to do about each problem', () => {
    const { libtensorflow: _, ...rest } = healthy;
    const text = formatDoctor({
      ...rest,
      platform: { name: 'darwin', arch: 'arm64' },
      cpu: { ...healthy.cpu, features: [] },
      tools: {},
      addon: { installed: false },
      backend: { name: 'wasm', why: 'tfjs-node is not installed' },
      problems: [
        { message: 'there is no compiler', remedy: 'install one' },
        { message: 'there is no Python', remedy: 'install it' },
      ],
    });
    expect(text).toMatch(/^compiler +not found$/m);
    expect(text).toMatch(/^TensorFlow +not staged$/m);
    expect(text).toMatch(/^addon +tfjs-node is not installed$/m);
    expect(text).toMatch(/^platform +darwin arm64$/m);
    expect(text).toContain(
      'Problem: there is no compiler.\nWhat to do: install one.\n\nProblem: there is no Python.\nWhat to do: install it.',
    );
    expect(text).not.toContain('in order');
  });

  it('says why an addon does not load', () => {
    const addon = { installed: true, loads: false, package: '4.22.0', reason: 'it is not built' } as const;
    expect(formatDoctor({ ...healthy, addon })).toMatch(
      /^addon +tfjs-node 4\.22\.0 does not load: it is not built$/m,
    );
  });
});

describe('cpuFeatures', () => {
  it('reads x86 and ARM, whole words only', () => {
    expect(cpuFeatures('processor\t: 0\nflags\t\t: fpu sse4_2 avx2 fma4\n')).toEqual(['sse4_2', 'avx2']);
    expect(cpuFeatures('Features\t: fp asimd evtstrm sve\n')).toEqual(['asimd', 'sve']);
    expect(cpuFeatures('')).toEqual([]);
  });
});

describe('doctor', () => {
  it('reports this machine without a cache to look into', async () => {
    const report = await doctor(join(tmpdir(), `heed-no-cache-${process.pid}`));
    expect(report.node.version).toBe(process.version);
    expect(report.cpu.count).toBeGreaterThan(0);
    expect(report.cache.bytes).toBe(0);
    const loads = report.addon.installed && report.addon.loads;
    expect(report.problems.length === 0).toBe(loads);
    if (!process.env.HEED_BACKEND) expect(report.backend.name === 'node').toBe(loads);
  });
});
