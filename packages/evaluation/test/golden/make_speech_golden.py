"""Writes speech.json: what jiwer gives for the transcripts below.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install jiwer==4.0.0
    /tmp/venv/bin/python make_speech_golden.py
"""

import json
import random
from pathlib import Path

import jiwer

PAIRS = [
    ("the cat sat on the mat", "the cat sat on the mat"),
    ("the cat sat on the mat", ""),
    ("", "spurious words"),
    ("", ""),
    ("one", "two"),
    ("a a a a", "a a"),
    ("a a", "a a a a a"),
    ("a b c d", "d c b a"),
    ("a b a b a b", "b a b a b a"),
    ("  spaces   at both ends ", "spaces at both  ends"),
    ("HH EH L OW W ER L D", "HH AH L OW W AO L"),
    ("straße café naïve 😀", "strasse cafe naïve 😀😀"),
    ("Upper lower", "upper LOWER"),
    ("kitten", "sitting"),
    ("qabxcd", "abycdf"),
]

random.seed(2)


def line(symbols, longest):
    return " ".join(random.choice(symbols) for _ in range(random.randint(0, longest)))


CORPORA = {
    "pairs": PAIRS,
    "few symbols": [(line("ab", 9), line("ab", 9)) for _ in range(40)],
    "more symbols": [(line("abcde", 14), line("abcde", 14)) for _ in range(40)],
    "long": [(line("abcdefgh", 300), line("abcdefgh", 300)) for _ in range(2)],
    "empty references": [("", "a b"), ("", "c")],
    "all empty": [("", "")],
}


def row(result, rate):
    return {
        "rate": rate,
        "substitutions": result.substitutions, "insertions": result.insertions,
        "deletions": result.deletions, "hits": result.hits,
        "alignments": [
            [[c.type, c.ref_start_idx, c.ref_end_idx, c.hyp_start_idx, c.hyp_end_idx] for c in chunks]
            for chunks in result.alignments
        ],
    }


out = []
for name, pairs in CORPORA.items():
    references, hypotheses = (list(side) for side in zip(*pairs))
    words = jiwer.process_words(references, hypotheses)
    characters = jiwer.process_characters(references, hypotheses)
    out.append({
        "name": name, "references": references, "hypotheses": hypotheses,
        "word": row(words, words.wer), "character": row(characters, characters.cer),
    })

Path(__file__).with_name("speech.json").write_text(json.dumps(out, ensure_ascii=True) + "\n", encoding="utf-8")
