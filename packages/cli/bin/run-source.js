import { register } from 'node:module';

const useSources = `export const resolve = (specifier, context, next) =>
  next(specifier, { ...context, conditions: ['@heed/source', ...context.conditions] });`;

/**
 * Runs a TypeScript file of the workspace in this process, so that signals, exit codes and standard input need no
 * forwarding. Workspace packages resolve to their sources.
 *
 * @param {URL} file
 */
export async function runSource(file) {
  register(`data:text/javascript,${encodeURIComponent(useSources)}`);
  const tsx = await import('tsx/esm/api');
  tsx.register();
  await import(file.href);
}
