/** A run of the experiment as text: what the notebook prints, and the answer to its question. */
import type { TransferCheckpoint } from '../experiment/checkpoint.ts';
import type { Phase } from '../experiment/observer.ts';
import type { PhaseHistory, PhaseResult, TransferResult } from '../experiment/result.ts';
import { table } from '../model/summary.ts';
import { formatCount, formatDigits, formatDuration, formatFigure, formatPercent, wrap } from './format.ts';

/** Accuracies this close are called comparable. */
const COMPARABLE = 0.01;

/** Below this accuracy the first phase learned too little for its features to be judged. */
const LEARNED = 0.9;

/** Adadelta's learning rate in tf.keras and Keras 3, with which the experiment can't succeed. */
const MODERN_RATE = 0.001;

/** What stands above a phase: its name, and the notebook's first lines. */
export function phaseHeading({ name, digits, frozen, trainShape, samples }: Phase): string {
  const what = frozen ? 'classification layers only, features frozen' : 'all layers';
  return [
    `${name === 'source' ? 'Source' : 'Target'}: digits ${formatDigits(digits)}, ${what}`,
    `x_train shape: (${trainShape.join(', ')})`,
    `${samples.train} train samples`,
    `${samples.test} test samples`,
  ].join('\n');
}

/** Where a resumed run goes on. */
export function resumeLine({ phase, options, contents: { position } }: TransferCheckpoint): string {
  const { epoch = 0, sums } = position ?? {};
  const samples = sums?.samples ? `, after ${sums.samples.toLocaleString('en')} samples` : '';
  const where = epoch < options.epochs ? `epoch ${epoch + 1}/${options.epochs}${samples}` : 'its test';
  return `Going on with the ${phase} digits: ${where}`;
}

/** The notebook's last lines of a phase. */
export function phaseFooting({ seconds, test }: PhaseResult): string {
  return [
    `Training time: ${formatDuration(seconds)}`,
    `Test score: ${formatFigure(test.loss)}`,
    `Test accuracy: ${formatFigure(test.accuracy)}`,
  ].join('\n');
}

/** The closing table with a sentence that says what it means. */
export function closingReport(result: TransferResult): string {
  const { source, target, epochs, learning_rate } = result;
  const note = learningRateNote(learning_rate);
  const column = ({ history, test, params, seconds }: PhaseResult): string[] => {
    const { first, later } = epochSeconds(history);
    return [
      params.trainable.toLocaleString('en'),
      formatPercent(history.val_accuracy[0]),
      ...(epochs > 1 ? [formatPercent(last(history.val_accuracy))] : []),
      formatFigure(test.loss),
      formatDuration(first),
      ...(later === null ? [] : [formatDuration(later)]),
      formatDuration(seconds),
    ];
  };
  const names = [
    'Parameters trained',
    'Test accuracy after 1 epoch',
    ...(epochs > 1 ? [`Test accuracy after ${epochs} epochs`] : []),
    'Test loss',
    'Time of the first epoch',
    ...(epochs > 1 ? ['Time of a later epoch'] : []),
    'Training time',
  ];
  const before = column(source);
  const after = column(target);
  const rows = names.map((name, i) => [name, before[i], after[i]]);
  const header = ['', `${formatDigits(source.digits)}, all layers`, `${formatDigits(target.digits)}, frozen`];
  return [table(header, rows, [1, 2]), wrap(conclusion(result)), ...(note ? [wrap(note)] : [])].join('\n\n');
}

/** The notebook's question, answered in a sentence or two. */
export function conclusion({ source, target, epochs }: TransferResult): string {
  const before = last(source.history.val_accuracy);
  const after = target.history.val_accuracy[0];
  const figures =
    `After one epoch on frozen features, digits ${formatDigits(target.digits)} reach ${formatPercent(after)} ` +
    `test accuracy; digits ${formatDigits(source.digits)} reached ${formatPercent(before)} ` +
    `after ${formatCount(epochs, 'full epoch')}`;
  return `${figures}: ${verdict(before, after)} ${speedSentence(source.history, target.history)}`;
}

/**
 * The trap that the notebook's string 'adadelta' became, where this rate falls into it; else an empty string.
 */
export function learningRateNote(learningRate: number): string {
  if (learningRate > MODERN_RATE) return '';
  return (
    `Note: a learning rate of ${learningRate} is too low for this experiment. The notebook compiles with the string ` +
    `'adadelta', which meant a rate of 1.0 when it was written and means 0.001 in tf.keras and Keras 3. ` +
    `With 0.001 a few epochs hardly move the weights, so the claim fails for want of training, not of good ` +
    `features. The default, 1.0, is the notebook's own.`
  );
}

/**
 * Seconds of the first epoch, which also starts threads or fills the feature cache, and the mean of the later
 * ones; null where there are none.
 */
export function epochSeconds({ seconds }: PhaseHistory): { first: number; later: number | null } {
  const [first, ...rest] = seconds;
  const sum = rest.reduce((total, s) => total + s, 0);
  return { first, later: rest.length > 0 ? sum / rest.length : null };
}

function verdict(before: number, after: number): string {
  if (before < LEARNED) return 'the first phase itself learned too little to judge its features.';
  if (after >= before - COMPARABLE) return 'the features carry over.';
  return `${((before - after) * 100).toFixed(1)} points less, so the features carry over only in part.`;
}

function speedSentence(source: PhaseHistory, target: PhaseHistory): string {
  const full = epochSeconds(source);
  const frozen = epochSeconds(target);
  const [from, to] =
    full.later === null || frozen.later === null ? [full.first, frozen.first] : [full.later, frozen.later];
  const ratio = from / to;
  const figures = `${formatDuration(to)} instead of ${formatDuration(from)}`;
  if (!(ratio > 1)) return `A frozen epoch took ${figures}: no faster.`;
  return `A frozen epoch took ${figures}, ${ratio.toFixed(1)} times faster.`;
}

function last(values: readonly number[]): number {
  return values[values.length - 1];
}
