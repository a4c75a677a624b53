import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/index.ts', 'src/node/index.ts', 'src/node/start.ts', 'src/not-node.ts'],
  external: ['#start', '@tensorflow/tfjs-node'],
  format: 'esm',
  dts: true,
  clean: true,
});
