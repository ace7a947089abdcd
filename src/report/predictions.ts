/** What a model saw in images, as text and as JSON. */
import { oneLine } from '../data/errors.ts';
import type { PreparedImage } from '../data/images.ts';
import { argmax } from '../metrics/accuracy.ts';
import { maximum } from '../tensor/maximum.ts';
import { progressBar } from './bar.ts';
import { formatPercent } from './format.ts';
import { halfBlocks } from './half-blocks.ts';

export interface Prediction extends PreparedImage {
  /** Of each class. */
  readonly probabilities: readonly number[];
}

const BAR = 20;

/**
 * A line an image, the class of highest probability first:
 *
 *   five.png: 5 (99.2 %)
 *
 * @param draw show below it what the model got, with the probabilities of all classes beside it
 */
export function predictionsText(
  classes: readonly number[],
  predictions: readonly Prediction[],
  draw: boolean,
): string {
  return predictions
    .map((prediction) => {
      const best = argmax(prediction.probabilities, 0, classes.length);
      const line = `${oneLine(prediction.name)}: ${classes[best]} (${formatPercent(prediction.probabilities[best])})`;
      return draw ? `${line}\n${drawing(classes, prediction)}\n` : line;
    })
    .join('\n');
}

/** `{ model, classes, predictions: [{ image, inverted, class, probabilities }] }`, a prediction a line. */
export function predictionsJson(
  model: string,
  classes: readonly number[],
  predictions: readonly Prediction[],
): string {
  const lines = predictions.map(({ name, inverted, probabilities }) =>
    JSON.stringify({
      image: name,
      inverted,
      class: classes[argmax(probabilities, 0, classes.length)],
      probabilities,
    }),
  );
  return (
    `{\n  "model": ${JSON.stringify(model)},\n  "classes": ${JSON.stringify(classes)},\n` +
    `  "predictions": [\n    ${lines.join(',\n    ')}\n  ]\n}`
  );
}

function drawing(classes: readonly number[], { image, inverted, probabilities }: Prediction): string {
  const lines = halfBlocks(image.pixels, image.height, image.width);
  const names = classes.map(String);
  const wide = maximum(names.map((name) => name.length));
  const beside = names.map(
    (name, k) =>
      `${name.padStart(wide)}  ${formatPercent(probabilities[k]).padStart(7)}  ${progressBar(probabilities[k], BAR)}`,
  );
  if (inverted) beside.push('', '(inverted: the image is dark on light)');
  return Array.from({ length: Math.max(lines.length, beside.length) }, (_, i) =>
    `${(lines[i] ?? '').padEnd(image.width)}  ${beside[i] ?? ''}`.trimEnd(),
  ).join('\n');
}
