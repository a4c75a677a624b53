import { Parser } from 'htmlparser2';
import { type ArticlesBySplit, addArticle, articlesOf, skip } from './article.js';

/** LEWISSPLIT as Lewis's README cuts it ("ModLewis"): what is NOT-USED is used for nothing. */
const SPLITS: Readonly<Record<string, string>> = { TRAIN: 'train', TEST: 'test', 'NOT-USED': 'unused' };
const UNFORMATTED = 'unformatted text';
const NO_BODY = 'no body (a headline alone)';
/** How bodies end, some of them twice. */
const SIGNATURE = /(?<!\s)(?:\s*\breuters?)+$/i;
/** Asterisks around urgent headlines. */
const MARKS = /^\**|\**$/g;

/** What stands in one REUTERS element: texts by the names of their elements, and attributes. */
interface Story {
  readonly split: string;
  type: string;
  readonly texts: Record<string, string>;
}

/**
 * One file of Reuters-21578, distribution 1.0: the body of a story and its title. Markup and entities are resolved, control
 * characters dropped; stories that are a title alone (`TYPE="BRIEF"`) or not marked up (`TYPE="UNPROC"`) are counted.
 *
 * @param text Latin-1, decoded
 * @throws if it holds no story, one has no LEWISSPLIT that is known, or the file ends within a story (file and the story's
 *   NEWID are named)
 */
export function parseReuters(file: string, text: string): ArticlesBySplit {
  const splits: ArticlesBySplit = new Map();
  const open: string[] = [];
  let story: Story | undefined;
  let last = 'its beginning';
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (name === 'REUTERS') {
          last = `the story with NEWID ${attributes.NEWID ?? '?'}`;
          const split = SPLITS[attributes.LEWISSPLIT ?? ''];
          if (split === undefined)
            throw new Error(`${file}: ${last} has the LEWISSPLIT "${attributes.LEWISSPLIT}".`);
          story = { split, type: 'NORM', texts: {} };
        }
        if (story && name === 'TEXT') story.type = attributes.TYPE ?? 'NORM';
        open.push(name);
      },
      ontext(part) {
        const name = open.at(-1);
        if (story && name) story.texts[name] = (story.texts[name] ?? '') + part;
      },
      onclosetag(name, implied) {
        open.pop();
        if (name !== 'REUTERS' || !story) return;
        if (implied) throw new Error(`${file}: it ends within ${last} (a download cut short?).`);
        addStory(splits, story);
        story = undefined;
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(text);
  if (splits.size === 0) throw new Error(`${file}: no REUTERS element. Expected a file of Reuters-21578.`);
  return splits;
}

function addStory(splits: ArticlesBySplit, { split, type, texts }: Story): void {
  const parsed = articlesOf(splits, split);
  const [body, title] = [printed(texts.BODY), printed(texts.TITLE)];
  if (type === 'UNPROC') skip(parsed, UNFORMATTED);
  else if (type === 'BRIEF' || body === '') skip(parsed, NO_BODY);
  else addArticle(parsed, { text: body.replace(SIGNATURE, ''), headline: title.replace(MARKS, '') });
}

const printed = (text = '') => text.replace(/\p{Cc}+/gu, ' ').trim();
