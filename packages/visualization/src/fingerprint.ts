import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { toBase64 } from './base64.js';

/** A name for elements that others refer to: drawings may stand on one page and must not share it. */
export function fingerprint(value: object): string {
  return bytesToHex(sha256(new TextEncoder().encode(JSON.stringify(value)))).slice(0, 12);
}

/** As a Content-Security-Policy names an inline script or style that may stand in the page. */
export function policySource(text: string): string {
  return `sha256-${toBase64(sha256(new TextEncoder().encode(text)))}`;
}
