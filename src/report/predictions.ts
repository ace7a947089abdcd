/** What a model saw in images, as text and as JSON. */
import { type DataError, oneLine } from '../data/errors.ts';
import type { PreparedImage } from '../data/images.ts';
import { argmax } from '../metrics/accuracy.ts';
import { wrap } from '../model/table.ts';
import { maximum } from '../tensor/maximum.ts';
import { progressBar } from './bar.ts';
import { formatPercent } from './format.ts';
import { halfBlocks } from './half-blocks.ts';
import { english, type Messages } from './messages.ts';

export interface Prediction extends PreparedImage {
  /** The probability of each class. */
  readonly probabilities: readonly number[];
}

const BAR = 20;
/** A shorter bar says nothing. */
const SHORTEST_BAR = 5;

/**
 * A line an image, the class of highest probability first:
 *
 *     five.png: 5 (99.2 %)
 *
 * @param draw show below it what the model got, with the probabilities of all classes beside it, or below where there
 *   is no room
 * @param columns of the terminal; no limit where there is none
 */
export function predictionsText(
  classes: readonly number[],
  predictions: readonly Prediction[],
  draw: boolean,
  t: Messages = english,
  columns = Infinity,
): string {
  return predictions
    .map((prediction) => {
      const best = argmax(prediction.probabilities, 0, classes.length);
      const line = `${oneLine(prediction.name)}: ${classes[best]} (${formatPercent(prediction.probabilities[best], t.locale)})`;
      return draw ? `${line}\n${drawing(classes, prediction, t, columns)}\n` : line;
    })
    .join('\n');
}

/**
 * `{ model, classes, predictions: [{ image, inverted, class, probabilities }] }`, a prediction a line; where files failed,
 * `failed: [{ image, error }]` too.
 */
export function predictionsJson(
  model: string,
  classes: readonly number[],
  predictions: readonly Prediction[],
  failed: readonly DataError[] = [],
): string {
  const errors = failed.map(({ file, message }) => JSON.stringify({ image: file, error: message }));
  const lines = predictions.map(({ name, inverted, probabilities }) =>
    JSON.stringify({
      image: name,
      inverted,
      class: classes[argmax(probabilities, 0, classes.length)],
      probabilities,
    }),
  );
  return jsonOf(model, classes, lines, errors);
}

function jsonOf(
  model: string,
  classes: readonly (number | string)[],
  lines: readonly string[],
  errors: readonly string[],
): string {
  return (
    `{\n  "model": ${JSON.stringify(model)},\n  "classes": ${JSON.stringify(classes)},\n` +
    `  "predictions": [\n    ${lines.join(',\n    ')}\n  ]` +
    `${errors.length > 0 ? `,\n  "failed": [\n    ${errors.join(',\n    ')}\n  ]` : ''}\n}`
  );
}

/** What a model saw in a photo. */
interface PhotoPrediction {
  readonly name: string;
  /** The probability of each class. */
  readonly probabilities: readonly number[];
}

/** A line per photo, as predictionsText's. */
export function photosText(
  classes: readonly string[],
  photos: readonly PhotoPrediction[],
  t: Messages = english,
): string {
  return photos
    .map(({ name, probabilities }) => {
      const best = argmax(probabilities, 0, classes.length);
      return `${oneLine(name)}: ${classes[best]} (${formatPercent(probabilities[best], t.locale)})`;
    })
    .join('\n');
}

/** The same as predictionsJson, without the fields that only grey images have. */
export function photosJson(
  model: string,
  classes: readonly string[],
  photos: readonly PhotoPrediction[],
  failed: readonly DataError[] = [],
): string {
  const errors = failed.map(({ file, message }) => JSON.stringify({ image: file, error: message }));
  const lines = photos.map(({ name, probabilities }) =>
    JSON.stringify({ image: name, class: classes[argmax(probabilities, 0, classes.length)], probabilities }),
  );
  return jsonOf(model, classes, lines, errors);
}

function drawing(
  classes: readonly number[],
  { image, inverted, probabilities }: Prediction,
  t: Messages,
  columns: number,
): string {
  // An image that is wider than the terminal would be no image.
  const lines = image.width <= columns ? halfBlocks(image.pixels, image.height, image.width) : [];
  const names = classes.map(String);
  const wide = maximum(names.map((name) => name.length));
  const figures = names.map(
    (name, k) => `${name.padStart(wide)}  ${formatPercent(probabilities[k], t.locale).padStart(7)}`,
  );
  const free = columns - figures[0].length - 2;
  const besideFree = free - image.width - 2;
  const isBeside = lines.length > 0 && besideFree >= SHORTEST_BAR;
  const bar = Math.min(BAR, isBeside ? besideFree : free);
  const rows = figures.map((text, k) =>
    bar < SHORTEST_BAR ? text : `${text}  ${progressBar(probabilities[k], bar)}`,
  );
  const note = inverted ? t.prediction.inverted : null;
  if (!isBeside) {
    const below = note === null ? rows : [...rows, wrap(note, columns)];
    return [...lines.map((line) => line.trimEnd()), ...below].join('\n');
  }
  const beside = note === null ? rows : [...rows, '', ...wrap(note, columns - image.width - 2).split('\n')];
  return Array.from({ length: Math.max(lines.length, beside.length) }, (_, i) =>
    `${(lines[i] ?? '').padEnd(image.width)}  ${beside[i] ?? ''}`.trimEnd(),
  ).join('\n');
}
