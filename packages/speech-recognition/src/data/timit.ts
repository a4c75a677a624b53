/**
 * TIMIT's 61 phones, as 48 for training and as 39 for scoring (Lee and Hon 1989, table II); the glottal stop q is
 * dropped.
 */
const FOLDING: Readonly<Record<string, readonly [of48: string, of39: string] | undefined>> = {
  ...Object.fromEntries(
    'aa ae ah aw ay b ch d dh dx eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw v w y z'
      .split(' ')
      .map((phone) => [phone, [phone, phone]]),
  ),
  ao: ['ao', 'aa'],
  ax: ['ax', 'ah'],
  'ax-h': ['ax', 'ah'],
  axr: ['er', 'er'],
  hv: ['hh', 'hh'],
  ix: ['ix', 'ih'],
  el: ['el', 'l'],
  em: ['m', 'm'],
  en: ['en', 'n'],
  nx: ['n', 'n'],
  eng: ['ng', 'ng'],
  zh: ['zh', 'sh'],
  ux: ['uw', 'uw'],
  pcl: ['cl', 'sil'],
  tcl: ['cl', 'sil'],
  kcl: ['cl', 'sil'],
  bcl: ['vcl', 'sil'],
  dcl: ['vcl', 'sil'],
  gcl: ['vcl', 'sil'],
  epi: ['epi', 'sil'],
  'h#': ['sil', 'sil'],
  pau: ['sil', 'sil'],
};
const GLOTTAL_STOP = 'q';
/** What the 48 have beside phones of the 61. */
const OF_48: Readonly<Record<string, string>> = { sil: 'sil', cl: 'sil', vcl: 'sil' };

const map = (phones: string, fold: (phone: string) => string | undefined): string =>
  phones
    .split(' ')
    .flatMap((phone) => {
      if (phone === GLOTTAL_STOP || phone === '') return [];
      const folded = fold(phone);
      if (folded === undefined) throw new Error(`"${phone}" is not one of TIMIT's phones`);
      return [folded];
    })
    .join(' ');

/** @param phones of the 61, a space between @throws on another phone, with its name */
export const toTimit48 = (phones: string): string => map(phones, (phone) => FOLDING[phone]?.[0]);

/** @param phones of the 61 or of the 48, a space between @throws on another phone, with its name */
export const toTimit39 = (phones: string): string =>
  map(phones, (phone) => FOLDING[phone]?.[1] ?? OF_48[phone]);

/**
 * TIMIT's phones of a recording, `BEGIN END PHONE` a line.
 *
 * @param file its name, for messages
 * @returns the phones, of the 61, a space between
 * @throws if a line is not of this form (file and line are named)
 */
export function parsePhones(file: string, lines: readonly string[]): string {
  const phones = lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const [, phone] = /^\d+\s+\d+\s+(\S+)\s*$/u.exec(line) ?? [];
    if (phone === undefined || (!Object.hasOwn(FOLDING, phone) && phone !== GLOTTAL_STOP)) {
      throw new Error(`${file}, line ${index + 1}: expected two places and one of TIMIT's phones.`);
    }
    return [phone];
  });
  if (phones.length === 0) throw new Error(`${file}: no phones in it.`);
  return phones.join(' ');
}

/** The 24 speakers of the core test set (Garofolo et al. 1993). */
export const CORE_TEST =
  'mdab0 mwbt0 felc0 mtas1 mwew0 fpas0 mjmp0 mlnt0 fpkt0 mlll0 mtls0 fjlm0 mbpm0 mklt0 fnlp0 mcmj0 mjdh0 fmgd0 mgrt0 mnjm0 fdhc0 mjln0 mpam0 fmld0'.split(
    ' ',
  );

/** The 50 speakers of the test set that are customarily chosen on (Halberstadt 1998). */
export const DEVELOPMENT =
  'faks0 fdac1 fjem0 mgwt0 mjar0 mmdb1 mmdm2 mpdf0 fcmh0 fkms0 mbdg0 mbwm0 mcsh0 fadg0 fdms0 fedw0 mgjf0 mglb0 mrtk0 mtaa0 mtdt0 mthc0 mwjg0 fnmr0 frew0 fsem0 mbns0 mmjr0 mdls0 mdlf0 mdvc0 mers0 fmah0 fdrw0 mrcs0 mrjm4 fcal1 mmwh0 fjsj0 majc0 mjsw0 mreb0 fgjd0 fjmg0 mroa0 mteb0 mjfc0 mrjr0 fmml0 mrws1'.split(
    ' ',
  );
