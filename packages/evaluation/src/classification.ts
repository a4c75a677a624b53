import { joinFields } from './signature.js';
import { wilsonInterval } from './wilson.js';

export interface ClassificationOptions {
  /** All labels in the order of the confusion matrix; default those that occur, sorted. */
  labels?: readonly string[];
}

export interface LabelScore {
  label: string;
  /** 0 to 100 each; 0 where there is nothing to divide by. */
  precision: number;
  recall: number;
  f1: number;
  /** How many items truly have this label. */
  support: number;
}

export interface ClassificationScore {
  name: 'accuracy';
  /** Accuracy, 0 to 100. */
  score: number;
  /** Bounds of its 95 % Wilson interval. */
  low: number;
  high: number;
  /** Mean F1 over the labels that occur, true or predicted, 0 to 100. */
  macroF1: number;
  labels: string[];
  /** [true label][predicted label], in the order of `labels`. */
  confusion: number[][];
  perLabel: LabelScore[];
  signature: string;
}

/**
 * Accuracy with its Wilson interval, macro F1 and confusion matrix, equal to scikit-learn's `accuracy_score`,
 * `f1_score(average='macro')` and `confusion_matrix`.
 *
 * @param gold the true labels, one for each prediction
 * @throws RangeError if there is no prediction, not one true label for each, or a label that `labels` lacks
 */
export function scoreClassification(
  predictions: readonly string[],
  gold: readonly string[],
  options: ClassificationOptions = {},
): ClassificationScore {
  checkPairs('Accuracy', predictions, gold);
  const occurring = new Set([...gold, ...predictions]);
  const labels = [...(options.labels ?? [...occurring].sort())];
  const places = new Map(labels.map((label, i) => [label, i]));
  const placeOf = (label: string) => {
    const place = places.get(label);
    if (place === undefined) {
      throw new RangeError(`Label "${label}" is none of ${labels.join(', ')}: add it to labels.`);
    }
    return place;
  };

  const confusion = labels.map(() => labels.map(() => 0));
  gold.forEach((label, i) => {
    const row = confusion[placeOf(label)]!;
    const place = placeOf(predictions[i]!);
    row[place] = row[place]! + 1;
  });
  const right = sum(labels.map((_, i) => confusion[i]![i]!));
  const { low, high } = wilsonInterval(right, gold.length);
  const perLabel = labels.map((label, i) => scoreLabel(label, i, confusion));
  return {
    name: 'accuracy',
    score: (100 * right) / gold.length,
    low: 100 * low,
    high: 100 * high,
    macroF1: sum(perLabel.filter(({ label }) => occurring.has(label)).map(({ f1 }) => f1)) / occurring.size,
    labels,
    confusion,
    perLabel,
    signature: joinFields({ n: gold.length, labels: labels.length, interval: 'wilson95', f1: 'macro' }),
  };
}

/** @throws RangeError if there is none, or the two differ in number */
export function checkPairs(name: string, predictions: readonly unknown[], gold: readonly unknown[]): void {
  if (predictions.length === 0) {
    throw new RangeError(`${name} of an empty corpus is undefined: give at least one prediction.`);
  }
  if (predictions.length !== gold.length) {
    throw new RangeError(
      `There are ${gold.length} true labels but ${predictions.length} predictions: give one for each.`,
    );
  }
}

function scoreLabel(label: string, i: number, confusion: readonly (readonly number[])[]): LabelScore {
  const right = confusion[i]![i]!;
  const support = sum(confusion[i]!);
  const predicted = sum(confusion.map((row) => row[i]!));
  const share = (part: number, whole: number) => (whole === 0 ? 0 : (100 * part) / whole);
  return {
    label,
    precision: share(right, predicted),
    recall: share(right, support),
    f1: share(2 * right, support + predicted),
    support,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
