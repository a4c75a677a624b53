import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/node/index.ts', 'src/layers/index.ts', 'src/not-node.ts'],
  format: 'esm',
  dts: true,
  clean: true,
});
