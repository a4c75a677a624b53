import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A Chromium of this machine, or the one that `CHROMIUM` names. */
export const chromiumPath: string | undefined = [process.env.CHROMIUM ?? '', ...PLACES].find(
  (path) => path !== '' && existsSync(path),
);

if (!chromiumPath) console.warn('No Chromium here: the tests of the studio skip. apt-get install chromium');
