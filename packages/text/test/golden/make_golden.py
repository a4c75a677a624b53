"""Trains tokenizers with Python's tokenizers and writes what they make of the sentences below.

    python3 -m venv /tmp/tokenizers && /tmp/tokenizers/bin/pip install tokenizers==0.23.3
    /tmp/tokenizers/bin/python make_golden.py
"""

import json
import pathlib

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

here = pathlib.Path(__file__).parent
corpus = json.loads((here / "corpus.json").read_text("utf-8"))
SPECIAL = ["<pad>", "<unk>", "<s>", "</s>"]

sentences = [
    "",
    " ",
    "Le chien de l'homme n'a pas vu l'arbre.",
    "The dog's owner couldn't see what they're doing, y'all; rock'n'roll isn't 'dead'!",
    "DON'T SHOUT, IT'S LATE. L'ÉCOLE D'UN VILLAGE",
    "les '90s, 'tis, l', 's, ''s '' 'l'm don'ts l'stop",
    "Prix\u00a0: 1\u202f234,50\u00a0€ (−5\u00a0%)…",
    "  many   spaces\tand\nlines\r\n\u2003\u3000here\u0085 ",
    "caf\u00e9 cafe\u0301 \u1e9b\u0323 a\u0308\u0301 \u0301alone \u0301\u0302",
    "aujourd\u2019hui aujourd\u02bchui \u2018quoted\u2019",
    "emoji \U0001f600\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f \U0001f1eb\U0001f1f7 dog\U0001f436cat",
    "\u0634\u0643\u0631\u0627 \u0644\u0643\u060c \u05e9\u05dc\u05d5\u05dd \u200fdog\u200e \u0661\u0662\u0663",
    "zero\u200bwidth \u200d \ufeffmark soft\u00adhyphen nul\u0000byte \u0007bell",
    "\u2581already \u2581\u2581 marked\u2581words \u2581",
    "<s> <pad>dog</s> <unk> < s >",
    "\u4eca\u5929\u5929\u6c14 \u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22 \uff11\uff12 \u00bd x\u00b2 \u2163",
    "__proto__ constructor toString 0x1F a_b-c/d\\e \ufffd",
    "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab \U0001d400\U0001d7d9 \U00010400 \ufb01n",
    "un mot tr\u00e8slongquinexistepasdutoutmaisquicontinueencoreetencore fin",
    *corpus[:6],
]
# Made again by the test: too long to write down.
long_text = " ".join(" ".join(corpus).split(" ") * 40)[:60_000]

letters = r"[\p{L}\p{M}]+"
clitic = r"(?:[sStTdDmM]|[rRvV][eE]|[lL]{2})(?![\p{L}\p{M}])"


def split(others):
    return f"'{clitic}|▁?(?:{letters}(?:'(?!{clitic})(?=\\p{{L}}))?|(?!▁){others})"


def tokenizer(model, expression, lowercase=False):
    result = Tokenizer(model)
    result.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Replace(Regex(r"[\p{White_Space}▁]+"), " "),
            normalizers.Replace("\u2019", "'"),
            normalizers.Replace("\u02bc", "'"),
            normalizers.Strip(),
        ]
        + ([normalizers.Lowercase()] if lowercase else [])
    )
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace("▁", prepend_scheme="always", split=True),
            pre_tokenizers.Split(Regex(expression), "isolated"),
        ]
    )
    result.decoder = decoders.Metaspace("▁", prepend_scheme="always", split=True)
    return result


bpe = lambda: models.BPE(unk_token="<unk>", fuse_unk=True)
word_level = lambda: models.WordLevel(unk_token="<unk>")
quiet = {"special_tokens": SPECIAL, "show_progress": False}
subwords, words, characters = split(r"[\p{N}\p{P}\p{S}]"), split(r"[\p{P}\p{S}]"), "."
kinds = {
    "bpe": (tokenizer(bpe(), subwords), trainers.BpeTrainer(vocab_size=400, min_frequency=2, **quiet)),
    "bpe-lowercase": (
        tokenizer(bpe(), subwords, lowercase=True),
        trainers.BpeTrainer(vocab_size=300, min_frequency=3, **quiet),
    ),
    "word": (tokenizer(word_level(), words), trainers.WordLevelTrainer(vocab_size=150, **quiet)),
    "character": (tokenizer(word_level(), characters), trainers.WordLevelTrainer(vocab_size=60, **quiet)),
}

for kind, (trained, trainer) in kinds.items():
    trained.train_from_iterator(corpus, trainer)
    trained.save(str(here / f"{kind}.tokenizer.json"), pretty=False)
    # The spelling of a special token in a text is text: a setting that the file does not hold.
    trained.encode_special_tokens = True
    encodings = []
    for sentence in sentences:
        encoding = trained.encode(sentence)
        decoded = trained.decode(encoding.ids, skip_special_tokens=True)
        encodings.append({"text": sentence, "ids": encoding.ids, "tokens": encoding.tokens, "decoded": decoded})
    long_ids = trained.encode(long_text).ids
    checksum = 0
    for token in long_ids:
        checksum = (checksum * 31 + token) % 1_000_003
    golden = {"encodings": encodings, "long": {"length": len(long_ids), "checksum": checksum}}
    (here / f"{kind}.encodings.json").write_text(json.dumps(golden, indent=1) + "\n", "utf-8")
