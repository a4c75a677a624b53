const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Ends of a piece after which its sentence goes on. */
const ABBREVIATION =
  /(?:^|[\s("'])(?:[A-Z]|(?:Mr|Mrs|Ms|Dr|Prof|Gov|Gen|Sen|Rep|Lt|Col|St|Jr|Sr|Fig|Figs|Eq|Eqs|Sec|No|Nos|vs|cf|al|resp|approx|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|(?:e\.g|i\.e|w\.r\.t|a\.k\.a)|(?:[A-Z]\.)+[A-Z])\.\s*$/;
/** These may end a sentence as well, and do so before a capital letter. */
const COMPANY = /(?:^|\s)(?:Inc|Corp|Co|Cos|Ltd|Bros|etc)\.\s*$/;

/**
 * The sentences of an English text, without the white space around them: Unicode's rules (UAX 29, section 5), and no end
 * after initials, titles and other abbreviations (J. Smith, Dr. Smith, U.S. exports, Smith et al. 2015, e.g. this).
 */
export const sentences = (text: string): string[] => [...eachSentence(text)];

/** Empty if there is none. */
export const firstSentence = (text: string): string => eachSentence(text).next().value ?? '';

function* eachSentence(text: string): Generator<string, undefined> {
  let open = '';
  for (const { segment } of segmenter.segment(text)) {
    const goesOn = ABBREVIATION.test(open) || (COMPANY.test(open) && /^\P{Lu}/u.test(segment));
    if (open.trim() !== '' && !goesOn) {
      yield open.trim();
      open = '';
    }
    open += segment;
  }
  if (open.trim() !== '') yield open.trim();
}
