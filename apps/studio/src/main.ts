import { parseArgs } from 'node:util';
import { fromStart, runDemo } from '@heed/cli/demo';
import { serveStudio } from './build-studio.js';
import { builtStudio } from './built-studio.js';

async function studio(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '4173' },
      models: { type: 'string' },
      features: { type: 'string' },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Error(`--port ${values.port}: expected a number from 1 to 65535`);
  }
  const { models = process.env.HEED_STUDIO_MODELS, features } = values;
  const out = await builtStudio({
    ...(models !== undefined && { models: fromStart(models) }),
    ...(features !== undefined && { features: fromStart(features) }),
  });
  const server = await serveStudio(out, port);
  console.log(`The studio: ${server.resolvedUrls?.local[0]}`);
  console.log('Ctrl+C ends it.');
}

runDemo(studio);
