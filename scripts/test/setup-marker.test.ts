import { describe, expect, it } from 'vitest';
import { nextStep, setupKey } from '../setup-marker.mjs';

const machine = { platform: 'linux', arch: 'x64', abi: '115' };
const key = setupKey('lock', machine);
const now = { key, retry: false, exists: () => true, onPath: () => false };
const done = { key, ok: true, files: ['addon', 'library'], missing: [], how: [], absentTools: [] };
const without = { key, ok: false, files: [], missing: ['m'], how: ['h'], absentTools: ['g++', 'pip3'] };

describe('setupKey', () => {
  it('changes with the lockfile, the platform, the architecture and the ABI of Node', () => {
    const keys = [
      key,
      setupKey('lock 2', machine),
      setupKey('lock', { ...machine, platform: 'darwin' }),
      setupKey('lock', { ...machine, arch: 'arm64' }),
      setupKey('lock', { ...machine, abi: '137' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(setupKey('lock', { ...machine })).toBe(key);
  });
});

describe('nextStep', () => {
  it('installs where nothing was done, or for another lockfile', () => {
    expect(nextStep(undefined, now)).toBe('install');
    expect(nextStep({ ...done, key: 'other' }, now)).toBe('install');
  });

  it('is ready where all was done, even when asked to try again', () => {
    expect(nextStep(done, now)).toBe('ready');
    expect(nextStep(done, { ...now, retry: true })).toBe('ready');
  });

  it('stages again when a file of TensorFlow has gone', () => {
    expect(nextStep(done, { ...now, exists: (file: string) => file !== 'library' })).toBe('stage');
  });

  it('does not try again by itself what failed', () => {
    expect(nextStep(without, now)).toBe('ready');
  });

  it('tries again when asked, and when a tool that was absent has come', () => {
    expect(nextStep(without, { ...now, retry: true })).toBe('stage');
    expect(nextStep(without, { ...now, onPath: (tool: string) => tool === 'g++' })).toBe('stage');
    expect(nextStep(without, { ...now, onPath: (tool: string) => tool === 'python3' })).toBe('ready');
  });
});
