import { appCommand, fromStart, runDemo, wholeNumber } from '@heed/cli/demo';
import { serveStudio } from './build-studio.js';
import { builtStudio } from './built-studio.js';

interface StudioOptions {
  readonly port: number;
  readonly models?: string;
  readonly features?: string;
}

async function studio({ port, models = process.env.HEED_STUDIO_MODELS, features }: StudioOptions) {
  const out = await builtStudio({
    ...(models !== undefined && { models: fromStart(models) }),
    ...(features !== undefined && { features: fromStart(features) }),
  });
  const server = await serveStudio(out, port);
  console.log(`The studio: ${server.resolvedUrls?.local[0]}`);
  console.log('Ctrl+C ends it.');
}

runDemo(
  appCommand('studio', 'Build the page of all models, and serve it.', [
    '--port 8080',
    '--models runs/studio',
    '--features mobilenet',
  ])
    .option('--port <n>', 'where it is served', wholeNumber(1, 65_535), 4173)
    .option('--models <dir>', 'a folder of your models, each in one named as the package that it replaces')
    .option('--features <dir>', 'where MobileNet v2 is (model.json), for captions of photos')
    .action(studio),
);
