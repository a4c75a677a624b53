"""Writes sacrebleu.json: what Python's sacrebleu gives for the sentences below.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install sacrebleu==2.6.0
    /tmp/venv/bin/python make_golden.py
"""

import json
import os
from pathlib import Path

import sacrebleu
from sacrebleu.metrics import BLEU, CHRF
from sacrebleu.significance import PairedTest

os.environ["SACREBLEU_SEED"] = "12345"

PLAIN = {
    "references": [
        [
            "A dog runs along the beach.",
            "Two children are playing in the snow with a red sledge.",
            "The woman in the blue dress is reading a newspaper on the bench.",
            "A man is climbing a steep rock without a rope.",
            "Several people wait for the bus in the rain.",
            "An old man plays the accordion in front of a café.",
            "A girl with a hat feeds the pigeons in the square.",
            "The football players in white celebrate their victory.",
            "A boy jumps over a puddle.",
            "Workers in orange vests are repairing the railway tracks at night.",
            "Three cyclists ride up a mountain road.",
            "A woman holds an umbrella while she talks on the phone.",
        ],
        [
            "A dog is running on the beach.",
            "Two kids play in the snow with a red sled.",
            "A woman wearing a blue dress reads the newspaper on a bench.",
            "A man climbs a steep cliff without any rope.",
            "Some people are waiting for a bus in the rain.",
            "An elderly man is playing the accordion outside a café.",
            "A girl in a hat is feeding pigeons on the square.",
            "Football players dressed in white celebrate a victory.",
            "A boy is jumping over a puddle.",
            "Workers with orange vests repair railway tracks by night.",
            "Three cyclists are riding up a road in the mountains.",
            "A woman with an umbrella is talking on the phone.",
        ],
    ],
    "hypotheses": [
        "A dog runs on the beach.",
        "Two children play in the snow with a red sledge.",
        "The woman in a blue dress reads a newspaper on the bench.",
        "A man climbs a rock without rope.",
        "Several people wait for a bus in the rain.",
        "An old man plays accordion in front of a coffee shop.",
        "A girl with a hat feeds pigeons.",
        "Football players in white celebrate their victory.",
        "A boy jumps over a puddle.",
        "Workers in orange are repairing the tracks at night.",
        "Three cyclists ride up a mountain road.",
        "A woman holds an umbrella and phones.",
    ],
    "baseline": [
        "A dog run in the sand.",
        "Two children in the snow.",
        "The woman in blue reads the paper on the bench.",
        "A man climbs a rock.",
        "People wait for a bus in the rain.",
        "A man plays the accordion.",
        "A girl with a hat feeds pigeons.",
        "Players celebrate their victory in white.",
        "A boy jumps over a puddle.",
        "Workers are repairing the tracks at night.",
        "Three cyclists ride up a road.",
        "A woman holds an umbrella and phones.",
    ],
}

TRICKY = {
    "references": [
        [
            "She said: &quot;It's 1,000.5 kilometres -- far too much!&quot;",
            "Fish &amp; chips cost $5.50 (or 4,20 €), i.e. 10% more.",
            "A well-known, state-of-the-art 3-D printer; 1990-2000.",
            "\u201cStraße\u201d is spelt \u201eSTRASSE\u201c in capitals\u2026",
            "",
            "Yes",
            "No.",
            "日本語のテスト、これは文です。",
            "The emoji 👩‍👩‍👧 and 🇫🇷 are one\u00a0picture each 😀.",
            "x<skipped>y &lt;b&gt; z [a|b] {c~d} e_f g^h i\\j k/l m@n.org #o",
            "Trailing space and\ttab \u3000 ideographic  ",
            "e\u0301te\u0301 and été differ",
            "Version 2.0.1, section 3.a, on 12.5. and .5 or 5., done",
            "-5 - 5 5- 5-5 a-5 -a- a-",
            "ΟΔΥΣΣΕΥΣ travelled; İstanbul is not istanbul",
            "Don't stop o'clock 'quoted' rock 'n' roll's",
            "the the the the",
            "(brackets) and \"quotes\" !? ... ,,, ;;",
            "zero\u200bwidth \ufeffmark \u001cseparator \u0085next",
            "A perfectly ordinary sentence to end with.",
        ],
    ],
    "hypotheses": [
        "She said: \"It is 1,000.5 kilometers - much too far!\"",
        "Fish & chips cost $5.50 (or 4,20€), ie 10 % more.",
        "A well known state-of-the-art 3D printer, 1990-2000.",
        "\"Straße\" is spelt \"strasse\" in Capitals...",
        "Something where nothing was expected.",
        "yes",
        "",
        "日本語のテスト、それは文です。",
        "The emoji 👩‍👩‍👧 and 🇫🇷 are one picture each 😀.",
        "xy <b> z [a|b] {c~d} e_f g^h i\\j k/l m@n.org # o",
        "  Trailing space and tab ideographic",
        "été and e\u0301te\u0301 differ",
        "version 2.0.1, section 3.a, on 12.5. and .5 or 5., done",
        "-5 - 5 5- 5-5 a-5 -a- a-",
        "ὀδυσσεύς travelled; istanbul is not i̇stanbul ΟΔΥΣΣΕΥΣ",
        "Do n't stop o' clock ' quoted ' rock 'n' roll 's",
        "the the the the the the the",
        "(brackets) and 'quotes' ?! ... , , , ;;",
        "zero\u200bwidth \ufeffmark separator \u0085next",
        "A perfectly ordinary sentence to end with.",
    ],
}

CORPORA = {
    "plain": {"hypotheses": PLAIN["hypotheses"], "references": PLAIN["references"][:1]},
    "two references": {"hypotheses": PLAIN["hypotheses"], "references": PLAIN["references"]},
    "baseline": {"hypotheses": PLAIN["baseline"], "references": PLAIN["references"]},
    "tricky": TRICKY,
    "perfect": {"hypotheses": PLAIN["references"][0], "references": PLAIN["references"][:1]},
    "nothing right": {"hypotheses": ["xyz"] * 12, "references": PLAIN["references"][:1]},
    "all empty": {"hypotheses": [""] * 12, "references": PLAIN["references"][:1]},
    "empty references": {"hypotheses": ["a b", ""], "references": [["", ""]]},
    "very short": {"hypotheses": ["Yes.", "a b", "c"], "references": [["Yes.", "a c", "c"]]},
    "one match only": {"hypotheses": ["the cat sat on it"], "references": [["a dog lay under the table"]]},
    "two references as good as each other": {
        "hypotheses": ["ecea", "a dog runs"], "references": [["aeb", "a dog ran"], ["eb", "a dog ran"]],
    },
    "newlines": {"hypotheses": ["soft-\nware on\ntwo lines"], "references": [["software on two lines"]]},
}


def bleu_row(score, metric):
    return {
        "score": score.score, "counts": score.counts, "totals": score.totals,
        "precisions": score.precisions, "brevityPenalty": score.bp,
        "hypothesisLength": score.sys_len, "referenceLength": score.ref_len,
        "signature": str(metric.get_signature()),
    }


out = {"sacrebleu": sacrebleu.__version__, "corpora": []}
for name, corpus in CORPORA.items():
    row = {"name": name, **corpus, "bleu": [], "chrf": [], "sentences": []}
    for lowercase in (False, True):
        for tokenize in ("13a", "none"):
            options = {"tokenize": tokenize, "lowercase": lowercase}
            metric = BLEU(**options)
            score = metric.corpus_score(corpus["hypotheses"], corpus["references"])
            row["bleu"].append({"options": options, **bleu_row(score, metric)})
        for word_order in (0, 2):
            metric = CHRF(word_order=word_order, lowercase=lowercase)
            score = metric.corpus_score(corpus["hypotheses"], corpus["references"])
            row["chrf"].append({
                "options": {"wordOrder": word_order, "lowercase": lowercase},
                "name": score.name, "score": score.score, "signature": str(metric.get_signature()),
            })
    for hypothesis, *references in zip(corpus["hypotheses"], *corpus["references"]):
        metric = BLEU(effective_order=True)
        row["sentences"].append(bleu_row(metric.sentence_score(hypothesis, references), metric))
    out["corpora"].append(row)

MIXED = [list(t) for t in zip(*(pair if i % 2 else pair[::-1]
                                for i, pair in enumerate(zip(PLAIN["hypotheses"], PLAIN["baseline"]))))]

out["paired"] = []
for names, systems in {
    "clearly better": (PLAIN["baseline"], PLAIN["hypotheses"]),
    "hard to tell": MIXED,
}.items():
    signatures, scores = PairedTest(
        [("baseline", systems[0]), ("system", systems[1])],
        {"BLEU": BLEU(references=PLAIN["references"]), "chrF2": CHRF(references=PLAIN["references"])},
        references=None, test_type="bs", n_samples=5000,
    )()
    for metric in signatures:
        out["paired"].append({
            "name": names, "metric": metric, "signature": str(signatures[metric]),
            "hypotheses": systems, "references": PLAIN["references"],
            "baseline": vars(scores[metric][0]), "system": vars(scores[metric][1]),
        })

Path(__file__).with_name("sacrebleu.json").write_text(
    json.dumps(out, ensure_ascii=True, indent=1, default=float) + "\n", encoding="utf-8")
