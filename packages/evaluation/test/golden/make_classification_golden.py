"""Writes classification.json: what scikit-learn and statsmodels give for the labels below.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scikit-learn==1.9.1 statsmodels==0.15.0
    /tmp/venv/bin/python make_classification_golden.py
"""

import json
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

LABELS = ["contradiction", "entailment", "neutral"]
rng = np.random.default_rng(4)


def predictions(gold, share_right):
    return [g if rng.random() < share_right else str(rng.choice(LABELS)) for g in gold]


def case(name, gold, baseline, system):
    table = [[0, 0], [0, 0]]
    for g, b, s in zip(gold, baseline, system):
        table[int(b != g)][int(s != g)] += 1
    few = table[0][1] + table[1][0] < 25
    test = mcnemar(table, exact=few, correction=True)
    labels = sorted({*gold, *system})
    right = sum(g == s for g, s in zip(gold, system))
    low, high = proportion_confint(right, len(gold), alpha=0.05, method="wilson")
    precision, recall, f1, support = precision_recall_fscore_support(gold, system, labels=labels, zero_division=0)
    return {
        "name": name, "gold": gold, "baseline": baseline, "system": system, "labels": labels,
        "accuracy": accuracy_score(gold, system), "low": float(low), "high": float(high),
        "macroF1": f1_score(gold, system, average="macro", zero_division=0),
        "confusion": confusion_matrix(gold, system, labels=labels).tolist(),
        "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
        "mcnemar": {"exact": few, "statistic": float(test.statistic), "pValue": float(test.pvalue)},
    }


def calibration(probabilities, gold, bins):
    """The definition in section 2 of Guo et al. 2017, bin by bin."""
    probabilities, gold = np.array(probabilities), np.array(gold)
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == gold
    error = 0.0
    for m in range(1, bins + 1):
        inside = (confidence > (m - 1) / bins) & (confidence <= m / bins)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error


def many(n):
    return [str(label) for label in rng.choice(LABELS, n)]


cases = []
gold = many(60)
cases.append(case("few discordant pairs", gold, predictions(gold, 0.8), predictions(gold, 0.85)))
gold = many(300)
cases.append(case("many discordant pairs", gold, predictions(gold, 0.5), predictions(gold, 0.7)))
gold = many(400)
cases.append(case("far apart", gold, predictions(gold, 0.1), predictions(gold, 0.97)))
cases.append(case("all right", gold[:20], gold[:20], gold[:20]))
cases.append(case("none right", ["neutral"] * 5, ["entailment"] * 5, ["entailment"] * 5))
cases.append(case("one item", ["neutral"], ["entailment"], ["neutral"]))
cases.append(case("a label never predicted", many(30), ["neutral"] * 30, ["entailment"] * 30))

probabilities = rng.dirichlet([0.6, 0.6, 0.6], 200).round(4).tolist()
classes = [int(np.argmax(p)) if rng.random() < 0.6 else int(rng.integers(3)) for p in probabilities]
out = {
    "cases": cases,
    "wilson": [
        [k, n, *map(float, proportion_confint(k, n, alpha=0.05, method="wilson"))]
        for k, n in [(0, 1), (1, 1), (0, 10), (10, 10), (3, 7), (500, 1000), (8351, 9824)]
    ],
    "calibration": {
        "probabilities": probabilities, "gold": classes,
        "errors": {str(bins): calibration(probabilities, classes, bins) for bins in (1, 10, 15)},
    },
}
Path(__file__).with_name("classification.json").write_text(json.dumps(out) + "\n", encoding="utf-8")
