"""Writes rouge.json: what Google's rouge-score and NLTK's Porter stemmer give for the texts below.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install rouge-score==0.1.2 nltk==3.10.4
    /tmp/venv/bin/python make_rouge_golden.py
"""

import json
from pathlib import Path

from nltk.stem.porter import PorterStemmer
from rouge_score import rouge_scorer, scoring

TYPES = ["rouge1", "rouge2", "rougeL"]

HEADLINES = {
    "hypotheses": [
        "Bank cuts its rates as prices fall",
        "markets markets markets fall",
        "",
        "Profit",
        "oil prices rising, say traders; 3.5 pct higher",
        "company's quarterly earnings doubled in the second quarter of the year compared with last year's",
        "Café owners' protests in Zürich end",
        "the the the the the cat",
        "Ministers agreed on relational operators and conditional happiness",
        "!!! --- ???",
        "日本 trade surplus widens",
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen",
    ],
    "references": [
        [
            "Central bank cut rates as price falls",
            "Stock markets falling",
            "Nothing to compare",
            "Profits rise",
            "Oil price rises 3.5 pct, traders said",
            "Quarterly earnings of the company double",
            "Protest of cafe owners ends in Zurich",
            "the cat the dog the",
            "Minister's agreement on operator relation, conditions and happy ending",
            "punctuation only",
            "Japan's trade surplus is wider",
            "one three two four six five seven nine eight ten",
        ],
        [
            "Rates cut",
            "Markets fall, markets rise",
            "",
            "Profit",
            "Traders: oil up",
            "Earnings double in second quarter",
            "Zürich café protests end",
            "cat",
            "Happiness is conditional",
            "",
            "trade",
            "fifteen fourteen thirteen",
        ],
    ],
}

WORDS = """
skies dying lying tying news innings inning outings howe proceed exceed succeed sky die dies died lie lies tie tied
caresses ponies ties caress cats feed agreed plastered bled motoring sing conflated troubled sized hopping tanned
falling hissing fizzed failing filing happy enjoy enjoyment spy fly try spied flies cry relational conditional
rational valenci hesitanci digitizer conformabli radicalli differentli vileli analogousli vietnamization predication
operator feudalism decisiveness hopefulness callousness formaliti sensitiviti sensibiliti triplicate formative
formalize electriciti electrical hopeful goodness revival allowance inference airliner gyroscopic adjustable
defensible irritant replacement adjustment dependent adoption homologou communism activate angulariti homologous
effective bowdlerize probate rate cease controll roll geology geologi archaeologi philologi theology possibly ability
abilities fully carefully beautifully finally generally really royally initially yes toy syzygy yyyy by ate add egg
ing ed being seeing agreeing bee need speed succeeded succeeding ion nation station passion vision onion action
wished wishes churches boxes buses classes glasses kiss kisses sizes size sized abc 1990s 20th a is as us this his
women men children running ran runner swimming swims lay layed played playing plays stayed say says said saying
monthly quarterly yearly dividend dividends shares sharing shared company companies bank banking banks minister
ministries economies economy economic economics economical trade traded trader trading surplus surpluses deficits
international nationalisation organization organizational authoritative naturalize usefulness probabilistic logically
""".split()


def score(corpus, stemmer, limit=None):
    scorer = rouge_scorer.RougeScorer(TYPES, use_stemmer=stemmer)
    rows = []
    for hypothesis, *references in zip(corpus["hypotheses"], *corpus["references"]):
        if limit is not None:
            hypothesis = hypothesis.encode("utf-8")[:limit].decode("utf-8", "replace")
        rows.append(scorer.score_multi(references, hypothesis))
    return {
        "options": {"stemmer": stemmer, **({} if limit is None else {"byteLimit": limit})},
        "means": {
            name: {
                "precision": sum(row[name].precision for row in rows) / len(rows),
                "recall": sum(row[name].recall for row in rows) / len(rows),
                "f1": sum(row[name].fmeasure for row in rows) / len(rows),
            }
            for name in TYPES
        },
        "f1": {name: [row[name].fmeasure for row in rows] for name in TYPES},
        "aggregate": interval(rows),
    }


def interval(rows):
    """rouge-score's own bootstrap of ROUGE-1's F1."""
    import numpy
    numpy.random.seed(3)
    aggregator = scoring.BootstrapAggregator(confidence_interval=0.95, n_samples=5000)
    for row in rows:
        aggregator.add_scores({"rouge1": row["rouge1"]})
    bounds = aggregator.aggregate()["rouge1"]
    return {"low": bounds.low.fmeasure, "high": bounds.high.fmeasure}


ONE = {**HEADLINES, "references": HEADLINES["references"][:1]}
out = {
    "stems": [[word, PorterStemmer().stem(word)] for word in sorted(set(WORDS))],
    "corpora": [
        {"name": name, **corpus, "scores": [
            score(corpus, stemmer, limit) for stemmer in (False, True) for limit in (None, 20, 75)
        ]}
        for name, corpus in {"one reference": ONE, "two references": HEADLINES}.items()
    ],
}
Path(__file__).with_name("rouge.json").write_text(json.dumps(out, ensure_ascii=True, indent=1) + "\n", encoding="utf-8")
