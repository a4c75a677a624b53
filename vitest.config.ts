import { defineConfig } from 'vitest/config';

export default defineConfig({
  ssr: { resolve: { conditions: ['@heed/source', 'module', 'node'] } },
  test: {
    include: ['packages/**/test/**/*.test.ts', 'apps/**/test/**/*.test.ts', 'scripts/test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // For a busy machine: no test is about its own speed.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
