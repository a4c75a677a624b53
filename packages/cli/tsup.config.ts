import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/main.ts', 'src/demo.ts'],
  format: 'esm',
  external: ['@heed/app-benchmarks', '@heed/app-figures'],
  dts: { entry: ['src/demo.ts'] },
  clean: true,
});
