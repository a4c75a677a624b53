"""Writes captions.json: what pycocoevalcap gives for the captions below. Needs Java.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pycocoevalcap==1.2
    /tmp/venv/bin/python make_caption_golden.py
"""

import json
import random
from pathlib import Path

from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.cider.cider import Cider
from pycocoevalcap.meteor.meteor import Meteor
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer


class ExactAndStemMeteor(Meteor):
    """pycocoevalcap's METEOR with two of its four matchers, and the paper's parameters and weights for English."""

    def __init__(self):
        import pycocoevalcap.meteor.meteor as module
        import subprocess
        original = subprocess.Popen

        def popen(command, **options):
            matchers = ["-m", "exact stem", "-p", "0.85 0.2 0.6 0.75", "-w", "1.0 0.6"]
            return original([*command, *matchers], **options)

        module.subprocess.Popen = popen
        super().__init__()
        module.subprocess.Popen = original


SCENES = {
    "hypotheses": [
        "A dog runs on the beach.",
        "Two children are playing in the snow",
        "the the the the the",
        "",
        "Dog",
        "a man's hat isn't here",
        "A black-and-white dog jumps over a fence, then it is jumping over a log.",
        "a little girl climbing the stairs to her playhouse",
        "people sit on benches near the river and on the benches near the sea",
        "a café in the rain 😀 with naïve “quotes”",
        "the man rode the horses and the horse ridden by men ran",
        "Mr. Smith (left) & his dog at 5 p.m. !!!",
    ],
    "references": [
        ["A dog is running along the beach .", "The brown dog runs on sand.", "A dog runs on the beach."],
        ["Two kids play in the snow .", "Two children are playing in the snow"],
        ["the cat sat on the mat", "a cat is on the mat", "there is the cat", "cats sit", "the mat"],
        ["A man stands .", "nobody"],
        ["A dog", "Dog .", "dogs"],
        ["A man's hat is not here.", "the hat of the man isn't there", "a hat"],
        ["A black and white dog jumps over a wooden fence.", "The dog is jumping over the fence.", ""],
        ["A child is climbing up a set of stairs.", "A little girl climbs into a wooden playhouse."],
        ["People are sitting on a bench near the sea.", "persons on benches by the river, near the benches"],
        ["A naive café in the rain.", "it rains on the Café"],
        ["men riding horses and a man running", "The men rode the horses by the horse that ran"],
        ["Mr. Smith and his dogs at five.", "A man (left) with a dog at 5 p.m.", "Smith & dog!!!"],
    ],
}

random.seed(1)
WORDS = "a a the the dog dogs jump jumps jumping in on snow run runs running man men 's red ball balls".split()


def sentence():
    return " ".join(random.choice(WORDS) for _ in range(random.randint(1, 14)))


# Few words often repeated: many alignments of one caption to choose from.
REPEATED = {
    "hypotheses": [sentence() for _ in range(40)],
    "references": [[sentence() for _ in range(random.randint(1, 3))] for _ in range(40)],
}

CORPORA = {
    "scenes": SCENES,
    "repeated words": REPEATED,
    "one image": {"hypotheses": ["A dog runs."], "references": [["A dog runs on.", "The dogs run."]]},
    "perfect": {"hypotheses": [r[0] for r in SCENES["references"]], "references": SCENES["references"]},
    "nothing right": {"hypotheses": ["xyz"] * 3, "references": [["a dog"], ["two dogs"], ["the end"]]},
}

CAPTIONS = [
    "A man's dog isn't here; it's John's and they're the boys' toys.",
    "I can't, won't, don't, shouldn't've, you'll, he'd, I'm, we've, y'all, ma'am, o'clock.",
    "He cannot go. I'm gonna wanna gotta gimme lemme dunno.",
    "'Tis the season, 'twas the night. \"Quoted text\" and 'single quotes' here.",
    "A well-known T-shirt, black-and-white -- two dogs - one cat... and more.",
    "Mr. Smith and Dr. Jones vs. St. Mary in the U.S. at 5 p.m. on Jan. 3.",
    "The price is $5.50, 1,000 or 50% off (really) [yes] {no}.",
    "Café naïve “curly” quotes and ‘single’ it’s – dash — em… ellipsis",
    "日本語 text 😀 emoji",
    "rock 'n' roll in the '90s and 1990s, 5th 3rd a.m. J. Smith, rock'n'roll, slip n'slide",
    "Yes!!! What?! No. no. 5 ..",
    "man/woman a+b a=b 50°C 5ft 10kg 3D 2-story @home #tag under_score 4x4",
    "   leading and   multiple\ttab  spaces  ",
    "* star ~ tilde ^ caret | pipe \\ back < less > more = _ / 100%",
    "The boys'. \"End.\" 'End'. He said ''hi'' `` there ``",
    "-lead trail- --- ---- -- a--b word-. it's-a-me o'brien's l'eau d'artagnan",
    "½ cup 10:30 3:1 555-1234 1-2 12/25/2010 .5 5. -5 +5 80's 5-year-old w/o and/or",
    "Hello,World it's. she's, 's 'd 'll n't d'ye O'Neil 'em 'cause ol' goin'",
    "(a) (b [c] {d} a(b)c a man.The dog",
    "a 's dog , and n't : ' ` '' ``",
    "me@example.com or www.example.com http://example.com/a",
    "A dog runs .",
    "x",
]


def tokenize(captions):
    numbered = {i: [{"caption": caption} for caption in group] for i, group in enumerate(captions)}
    tokens = PTBTokenizer().tokenize(numbered)
    return {i: tokens.get(i, [""]) for i in numbered}


out = {
    "tokens": [
        {"caption": caption, "tokens": tokens[0]}
        for caption, tokens in zip(CAPTIONS, tokenize([[c] for c in CAPTIONS]).values())
    ],
    "corpora": [],
}
meteor = ExactAndStemMeteor()
for name, corpus in CORPORA.items():
    hypotheses = tokenize([[hypothesis] for hypothesis in corpus["hypotheses"]])
    references = tokenize(corpus["references"])
    row = {"name": name, **corpus}
    bleu, _ = Bleu(4).compute_score(references, hypotheses, verbose=0)
    row["bleu"] = bleu
    for key, metric in {"rougeL": Rouge(), "cider": Cider(), "meteor": meteor}.items():
        score, scores = metric.compute_score(references, hypotheses)
        row[key] = {"score": float(score), "scores": [float(s) for s in scores]}
    out["corpora"].append(row)

Path(__file__).with_name("captions.json").write_text(
    json.dumps(out, ensure_ascii=True, indent=1) + "\n", encoding="utf-8")
