/**
 * The SHA-256 digest of a file as `sha256-` and base64, the form of Subresource Integrity
 * (https://www.w3.org/TR/SRI/).
 */
export async function fileDigest(content: Uint8Array | string): Promise<string> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return `sha256-${btoa(String.fromCharCode(...hash))}`;
}

/** Whether digests can be computed here: browsers do so only on pages served over https. */
export function canDigest(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}
