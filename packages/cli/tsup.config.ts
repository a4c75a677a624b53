import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/main.ts', 'src/demo.ts'],
  format: 'esm',
  dts: { entry: ['src/demo.ts'] },
  clean: true,
});
