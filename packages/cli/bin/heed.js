#!/usr/bin/env node
import { existsSync } from 'node:fs';

process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
const source = new URL('../src/main.ts', import.meta.url);
if (existsSync(source)) {
  const { runSource } = await import('./run-source.js');
  await runSource(source);
} else {
  await import('../dist/main.js');
}
