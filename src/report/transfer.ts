/** A run of the experiment as text: what the notebook prints, and the answer to its question. */
import type { TransferCheckpoint } from '../experiment/checkpoint.ts';
import type { Phase } from '../experiment/observer.ts';
import type { PhaseFigures, PhaseHistory, PhaseResult, TransferResult } from '../experiment/result.ts';
import { table, wrap } from '../model/table.ts';
import {
  formatDecimal,
  formatDigits,
  formatDuration,
  formatFigure,
  formatInteger,
  formatOption,
  formatPercent,
} from './format.ts';
import { english, type Messages } from './messages.ts';
import { extent, sparkline } from './sparkline.ts';

/** Accuracies this close are called comparable. */
const COMPARABLE = 0.01;

/** Below this accuracy the first phase learned too little for its features to be judged. */
const LEARNED = 0.9;

/** Adadelta's learning rate in tf.keras and Keras 3, with which the experiment can't succeed. */
const MODERN_RATE = 0.001;

/** The longest line of prose. */
export const PROSE = 80;

/** Columns of a curve, which then makes the table no wider. */
const CURVE_COLUMNS = 10;

/** What is above a phase: its name, and the notebook's first lines. */
export function phaseHeading(
  { name, digits, frozen, trainShape, samples }: Phase,
  t = english,
  columns = Infinity,
): string {
  return [
    wrap(t.phase(name, formatDigits(digits), frozen), columns),
    t.trainShape(`(${trainShape.join(', ')})`),
    t.trainSamples(samples.train),
    t.testSamples(samples.test),
  ].join('\n');
}

/** Where a resumed run continues. */
export function resumeLine(
  { phase, options, contents: { position } }: TransferCheckpoint,
  t = english,
): string {
  const { epoch = 0, sums } = position ?? {};
  const samples = sums?.samples ? formatInteger(sums.samples, t.locale) : null;
  const isTraining = epoch < options.epochs;
  return t.goingOn(phase, isTraining ? t.atEpoch(`${epoch + 1}`, `${options.epochs}`, samples) : t.atItsTest);
}

/** The notebook's last lines of a phase. */
export function phaseFooting({ seconds, test }: PhaseFigures, t = english): string {
  return [
    `${t.trainingTime}: ${formatDuration(seconds, t.locale)}`,
    `${t.testScore}: ${formatFigure(test.loss, t.locale)}`,
    `${t.testAccuracy}: ${formatFigure(test.accuracy, t.locale)}`,
  ].join('\n');
}

/** The closing table with a sentence that says what it means. @param columns of the terminal; no limit where there is none */
export function closingReport(result: TransferResult, t = english, columns = Infinity): string {
  const note = learningRateNote(result.learning_rate, t);
  const rows = closingRows(result, t).map(({ name, values }) => [name, ...values]);
  const curves = curveRows(result, t);
  const header = ['', ...phaseTitles(result, t)];
  const prose = Math.min(columns, PROSE);
  return [
    table(header, [...rows, ...curves], [1, 2], { columns }),
    wrap(conclusion(result, t), prose),
    ...(note ? [wrap(note, prose)] : []),
  ].join('\n\n');
}

/** `5–9, all layers` and `0–4, frozen`; on the features of a pretrained network both are frozen. */
export function phaseTitles({ source, target, base }: TransferResult, t = english): [string, string] {
  const first = base ? t.frozenFeatures : t.allLayers;
  return [first(formatDigits(source.digits)), t.frozenFeatures(formatDigits(target.digits))];
}

export interface ClosingRow {
  readonly key: 'params' | 'first' | 'last' | 'loss' | 'firstTime' | 'laterTime' | 'time';
  readonly name: string;
  /** The source's and the target's. */
  readonly values: readonly [string, string];
}

/** What is compared of the two phases. */
export function closingRows({ source, target, epochs }: TransferResult, t = english): ClosingRow[] {
  const row = (key: ClosingRow['key'], name: string, show: (phase: PhaseResult) => string): ClosingRow => ({
    key,
    name,
    values: [show(source), show(target)],
  });
  const { locale } = t;
  return [
    row('params', t.parametersTrained, ({ params }) => formatInteger(params.trainable, locale)),
    row('first', t.accuracyAfter(1), ({ history }) => formatPercent(history.val_accuracy[0], locale)),
    ...(epochs > 1
      ? [
          row('last', t.accuracyAfter(epochs), ({ history }) =>
            formatPercent(last(history.val_accuracy), locale),
          ),
        ]
      : []),
    row('loss', t.testLoss, ({ test }) => formatFigure(test.loss, locale)),
    row('firstTime', t.timeOfFirst, ({ history }) => formatDuration(epochSeconds(history).first, locale)),
    ...(epochs > 1
      ? [
          row('laterTime', t.timeOfLater, ({ history }) =>
            formatDuration(epochSeconds(history).later ?? 0, locale),
          ),
        ]
      : []),
    row('time', t.trainingTime, ({ seconds }) => formatDuration(seconds, locale)),
  ];
}

/** Curves of both phases on one scale; none of one epoch, which is no curve. */
function curveRows({ source, target, epochs }: TransferResult, t: Messages): string[][] {
  if (epochs === 1) return [];
  const row = (name: string, key: 'val_accuracy' | 'val_loss'): string[] => {
    const curves = [source.history[key], target.history[key]];
    const range = extent(curves.flat());
    return [name, ...curves.map((curve) => sparkline(curve, range, CURVE_COLUMNS))];
  };
  return [row(t.accuracyByEpoch, 'val_accuracy'), row(t.lossByEpoch, 'val_loss')];
}

/** The notebook's question, answered in a sentence or two. */
export function conclusion({ source, target, epochs, base }: TransferResult, t = english): string {
  const before = last(source.history.val_accuracy);
  const after = target.history.val_accuracy[0];
  if (base) {
    const percents = [after, last(target.history.val_accuracy), before].map((share) =>
      formatPercent(share, t.locale),
    );
    const [first, end, ofSource] = percents;
    return t.pretrained(
      base.cut,
      formatDigits(target.digits),
      first,
      end,
      formatDigits(source.digits),
      ofSource,
    );
  }
  const claim = t.claim(
    formatDigits(target.digits),
    formatPercent(after, t.locale),
    formatDigits(source.digits),
    formatPercent(before, t.locale),
    epochs,
  );
  return `${claim}: ${verdict(before, after, t)} ${speedSentence(source.history, target.history, t)}`;
}

/**
 * The trap that the notebook's string 'adadelta' became, where this rate falls into it; else an empty string.
 */
export function learningRateNote(learningRate: number, t = english): string {
  return learningRate > MODERN_RATE ? '' : t.rateTooLow(formatOption(learningRate, t.locale));
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

function verdict(before: number, after: number, t: Messages): string {
  if (before < LEARNED) return t.learnedTooLittle;
  if (after >= before - COMPARABLE) return t.carryOver;
  return t.carryOverInPart(formatDecimal((before - after) * 100, 1, t.locale));
}

function speedSentence(source: PhaseHistory, target: PhaseHistory, t: Messages): string {
  const full = epochSeconds(source);
  const frozen = epochSeconds(target);
  const [from, to] =
    full.later === null || frozen.later === null ? [full.first, frozen.first] : [full.later, frozen.later];
  const ratio = from / to;
  const figures = [formatDuration(to, t.locale), formatDuration(from, t.locale)] as const;
  return ratio > 1 ? t.faster(...figures, formatDecimal(ratio, 1, t.locale)) : t.noFaster(...figures);
}

function last(values: readonly number[]): number {
  return values[values.length - 1];
}
