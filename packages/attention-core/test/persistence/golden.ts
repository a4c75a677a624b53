import { readFileSync } from 'node:fs';

interface Golden {
  file: string;
  tensors: Record<string, { dtype: string; shape: number[]; values: string }>;
  halves: string;
  rounded: string;
  damaged: Record<string, string>;
}

// Parsed, not imported: a JSON module loses the key "__proto__" in some loaders.
export const golden: Golden = JSON.parse(
  readFileSync(new URL('golden/safetensors.json', import.meta.url), 'utf8'),
);
