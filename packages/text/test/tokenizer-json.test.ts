import { describe, expect, it } from 'vitest';
import { type TokenizerJson, tokenizerFromJson } from '../src/index.js';
import { readGolden } from './golden.js';

type Change = (
  file: Record<string, unknown> & TokenizerJson & { model: { [field: string]: unknown } },
) => void;

function changed(change: Change, kind = 'bpe'): unknown {
  const file = readGolden<Parameters<Change>[0]>(`${kind}.tokenizer.json`);
  change(file);
  return JSON.parse(JSON.stringify(file));
}

describe('tokenizerFromJson', () => {
  it('reads merges in one string, as older files have them, and files without the newer fields', () => {
    const older = changed((file) => {
      const merges = file.model.merges as string[][];
      file.model.merges = merges.map((merge) => merge.join(' '));
      delete file.model.ignore_merges;
      delete file.model.byte_fallback;
    });
    expect(tokenizerFromJson(older).toJSON()).toEqual(readGolden('bpe.tokenizer.json'));
  });

  it.each<[string, Change, RegExp]>([
    ['no model', (file) => Object.assign(file, { model: undefined }), /model is missing/],
    ['another model', (file) => Object.assign(file.model, { type: 'Unigram' }), /model\.type is "Unigram"/],
    ['another version', (file) => Object.assign(file, { version: '2.0' }), /version is "2\.0"/],
    ['an unknown field', (file) => Object.assign(file, { surprise: 1 }), /surprise/],
    ['truncation', (file) => Object.assign(file, { truncation: { max_length: 3 } }), /truncation is \{/],
    [
      'a post-processor',
      (file) => Object.assign(file, { post_processor: { type: 'BertProcessing' } }),
      /post_processor is/,
    ],
    [
      'another normalizer',
      (file) => Object.assign(file, { normalizer: { type: 'NFKC' } }),
      /normalizer\.type is "NFKC"/,
    ],
    [
      'another normalizer in the sequence',
      (file) =>
        Object.assign(file, { normalizer: { type: 'Sequence', normalizers: [{ type: 'BertNormalizer' }] } }),
      /normalizer\.normalizers\.0\.type is "BertNormalizer"/,
    ],
    [
      'another pre-tokenizer',
      (file) => Object.assign(file, { pre_tokenizer: { type: 'ByteLevel' } }),
      /pre_tokenizer\.type is "ByteLevel"/,
    ],
    [
      'a split that takes exponential time',
      (file) =>
        Object.assign((file.pre_tokenizer.pretokenizers[1] as { pattern: object }).pattern, {
          Regex: '(a+)+$',
        }),
      /pre_tokenizer\.pretokenizers\.1\.pattern\.Regex is "\(a\+\)\+\$"/,
    ],
    [
      'another expression to replace',
      (file) =>
        Object.assign(file, { normalizer: { type: 'Replace', pattern: { Regex: '\\s' }, content: ' ' } }),
      /normalizer\.pattern is \{"Regex":"\\\\s"\}/,
    ],
    [
      'a token of a million letters',
      (file) => Object.assign(file.model.vocab, { ['a'.repeat(1e6)]: -1 }),
      /a…: id is -1/,
    ],
    [
      'a name with line breaks',
      (file) => Object.assign(file.model.vocab, { 'a\n\nb': -1 }),
      /a\\n\\nb: id is -1/,
    ],
    ['another decoder', (file) => Object.assign(file, { decoder: null }), /decoder is null/],
    [
      'bytes for unknown characters',
      (file) => Object.assign(file.model, { byte_fallback: true }),
      /model\.byte_fallback is true/,
    ],
    ['dropout', (file) => Object.assign(file.model, { dropout: 0.1 }), /model\.dropout is 0\.1/],
    [
      'other special tokens',
      (file) => file.added_tokens.pop(),
      /added_tokens.*expected exactly the special tokens/,
    ],
    [
      'a vocabulary that is a list',
      (file) => Object.assign(file.model, { vocab: [] }),
      /model\.vocab.*an object from token to id/,
    ],
    [
      'an id twice',
      (file) => Object.assign(file.model.vocab, { ba: 6, bb: 6 }),
      /model\.vocab\.\w+: id 6 is also that of "/,
    ],
    [
      'an id out of range',
      (file) => Object.assign(file.model.vocab, { dog: 1e9 }),
      /model\.vocab\.dog: id is 1000000000: expected a whole number, 0 to/,
    ],
    ['a negative id', (file) => Object.assign(file.model.vocab, { dog: -1 }), /model\.vocab\.dog: id is -1/],
    [
      'an id that is no number',
      (file) => Object.assign(file.model.vocab, { dog: '7' }),
      /model\.vocab\.dog: id is "7"/,
    ],
    [
      'special tokens elsewhere',
      (file) => Object.assign(file.model.vocab, { '<s>': 3, '</s>': 2 }),
      /model\.vocab\.<s>: expected the special token with id 2/,
    ],
    [
      'a merge of one token',
      (file) => Object.assign(file.model.merges as object, { 3: ['a'] }),
      /model\.merges\.3 is \["a"\].*expected two tokens/,
    ],
    [
      'a merge of an unknown token',
      (file) => Object.assign(file.model.merges as object, { 3: ['q', 'qq'] }),
      /model\.merges: merge 3, \["q","qq"\]: .* is not in the vocabulary/,
    ],
    ['merges that are no list', (file) => Object.assign(file.model, { merges: {} }), /model\.merges is \{\}/],
  ])('refuses %s and names the file and the field', (_, change, message) => {
    const read = () => tokenizerFromJson(changed(change), 'models/fr-en/tokenizer.json');
    expect(read).toThrow(message);
    expect(read).toThrow(/^models\/fr-en\/tokenizer\.json: [^\n]{1,300}$/);
  });

  it.each([null, 1, 'text', [], undefined])('refuses %j', (json) => {
    expect(() => tokenizerFromJson(json, 'x.json')).toThrow(/^x\.json: the file is/);
  });

  it('has no trouble with tokens that are names of object properties', () => {
    const text = JSON.stringify(readGolden('word.tokenizer.json')).replace('"▁dog"', '"__proto__"');
    const size = Object.keys(readGolden<TokenizerJson>('word.tokenizer.json').model.vocab).length;
    const renamed = text.includes('"__proto__"') ? text : text.replace('"▁the"', '"__proto__"');
    const { vocabulary } = tokenizerFromJson(JSON.parse(renamed));
    expect(vocabulary.size).toBe(size);
    expect(vocabulary.has('__proto__')).toBe(true);
  });
});
