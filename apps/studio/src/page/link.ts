/** Where a link leads: a tab, and what is filled in there. */
export interface Link {
  readonly tab: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Reads the part of an address after `#`, such as `#translation?text=Un%20chien`. */
export function parseLink(hash: string): Link {
  const [tab = '', query = ''] = hash.replace(/^#/, '').split(/\?(.*)/s, 2);
  return { tab, fields: Object.fromEntries(new URLSearchParams(query)) };
}

export function formatLink({ tab, fields }: Link): string {
  const query = new URLSearchParams(fields).toString();
  return `#${tab}${query && `?${query}`}`;
}
