import stringWidth from 'string-width';

/**
 * Text that can do no harm where it is shown. Control characters (which a terminal obeys and XML forbids)
 * become the pictures that Unicode has for them, lone surrogates and noncharacters become U+FFFD, and what
 * turns the direction of the text that follows is left out.
 */
export function printable(text: string): string {
  return text
    .replace(/[\u202A-\u202E\u2066-\u2069\u00AD]/gu, '')
    .replace(/[\u2028\u2029]/gu, '\u2424')
    .replace(/\p{Cc}/gu, pictureOf)
    .replace(/[\p{Cs}\p{Noncharacter_Code_Point}]/gu, '\uFFFD');
}

function pictureOf(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : '\uFFFD';
}

/** Printable text with the five characters escaped that mean something in XML and HTML. */
export function escapeMarkup(text: string): string {
  return printable(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The text, or as much of its start as fits with an ellipsis into `width` terminal columns. */
export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** The text after as many spaces as fill `width` terminal columns. */
export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text;
}
