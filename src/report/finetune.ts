/** A fine-tuning as text: what it tells while it runs, and its result. */
import type { FinetuneCheckpoint } from '../experiment/finetune/checkpoint.ts';
import type { Twins } from '../experiment/finetune/halves.ts';
import type { FinetuneNetwork } from '../experiment/finetune/network.ts';
import type { FinetunePhase, FolderSummary } from '../experiment/finetune/observer.ts';
import type { FinetunePhaseResult, FinetuneResult } from '../experiment/finetune/result.ts';
import { table, wrap } from '../model/table.ts';
import { maximum } from '../tensor/maximum.ts';
import { formatDecimal, formatDuration, formatFigure, formatInteger, formatPercent } from './format.ts';
import { english, type Messages } from './messages.ts';
import { extent, sparkline } from './sparkline.ts';
import { PROSE } from './transfer.ts';
import { workLine } from './work-line.ts';

const CURVE_COLUMNS = 10;

/** What is known before anything is computed. */
export function finetuneOpening(
  { cut, size, width, preprocessing }: FinetuneNetwork,
  { classes, train, test, without }: FolderSummary,
  { base, images }: { base: string; images: string },
  t: Messages = english,
): string {
  const integer = (value: number): string => formatInteger(value, t.locale);
  return [
    t.finetune.base(base, cut, size.join('×'), integer(width)),
    t.finetune.preprocessing[preprocessing],
    t.finetune.images(images, integer(classes.length), integer(train), integer(test)),
    ...(without.length > 0 ? [t.finetune.without(without.join(', '))] : []),
  ].join('\n');
}

/** The live line while features are computed. */
export function featureLine(
  done: number,
  files: number,
  seconds: number,
  columns: number,
  t: Messages = english,
): string {
  return workLine(t.finetune.features, { done, all: files, seconds }, columns, t);
}

export function featuresDone(photos: number, stored: number, seconds: number, t: Messages = english): string {
  const integer = (value: number): string => formatInteger(value, t.locale);
  return t.finetune.featuresDone(
    integer(photos),
    formatDuration(seconds, t.locale),
    stored > 0 ? integer(stored) : null,
  );
}

/** Notes on photos that are there twice; none where there are none. */
export function twinNotes(
  { inBothHalves, inTwoClasses }: Twins,
  tested: number,
  t: Messages = english,
): string[] {
  const integer = (value: number): string => formatInteger(value, t.locale);
  const notes: string[] = [];
  const [twin] = inBothHalves;
  if (twin !== undefined) {
    notes.push(t.finetune.inBothHalves(integer(inBothHalves.length), integer(tested), twin));
  }
  const [pair] = inTwoClasses;
  if (pair) notes.push(t.finetune.inTwoClasses(integer(inTwoClasses.length), ...pair));
  return notes;
}

/** What is above a phase. */
export function finetuneHeading(
  { name, layers, kept }: FinetunePhase,
  t: Messages = english,
  columns = Infinity,
): string {
  const integer = (value: number): string => formatInteger(value, t.locale);
  if (name === 'head') return wrap(t.finetune.head, columns);
  const first = `${t.finetune.thawed(integer(layers.length), layers[0])}; ${t.finetune.still}`;
  const lines = kept ? [first, t.finetune.kept(integer(kept.photos), integer(kept.of))] : [first];
  return lines.map((line) => wrap(line, columns)).join('\n');
}

/** Where a resumed run continues. */
export function finetuneResumeLine(
  { phase, isEarly, contents: { position } }: FinetuneCheckpoint,
  t: Messages = english,
): string {
  if (isEarly) return t.finetune.goingOnFeatures;
  return t.finetune.goingOn(phase, formatInteger((position?.epoch ?? 0) + 1, t.locale));
}

/** A measure of the phases: its name, and each phase's. */
export interface FinetuneRow {
  readonly name: string;
  readonly values: readonly string[];
}

/** Names of the phases that there were. */
export function finetuneColumns({ thawed }: FinetuneResult, t: Messages = english): string[] {
  return [t.finetune.headColumn, ...(thawed ? [t.finetune.thawedColumn] : [])];
}

/** What is compared before and after thawing. */
export function finetuneRows(result: FinetuneResult, t: Messages = english): FinetuneRow[] {
  const { locale } = t;
  const phases = phasesOf(result);
  const row = (name: string, show: (phase: FinetunePhaseResult) => string): FinetuneRow => ({
    name,
    values: phases.map(show),
  });
  return [
    row(t.parametersTrained, ({ params }) => formatInteger(params.trainable, locale)),
    row(t.finetune.phaseEpochs, ({ history }) => formatInteger(history.loss.length, locale)),
    row(t.testAccuracy, ({ test }) => formatPercent(test.accuracy, locale)),
    row(t.testLoss, ({ test }) => formatFigure(test.loss, locale)),
    row(t.trainingTime, ({ seconds }) => formatDuration(seconds, locale)),
  ];
}

function phasesOf({ head, thawed }: FinetuneResult): FinetunePhaseResult[] {
  return thawed ? [head, thawed] : [head];
}

/** The closing table with sentences that say what it means. @param columns of the terminal; no limit where there is none */
export function finetuneReport(result: FinetuneResult, t: Messages = english, columns = Infinity): string {
  const phases = phasesOf(result);
  const rows = finetuneRows(result, t).map(({ name, values }) => [name, ...values]);
  const isCurve = phases.some(({ history }) => history.loss.length > 1);
  const curve = (name: string, key: 'val_accuracy' | 'val_loss'): string[] => {
    const curves = phases.map(({ history }) => history[key]);
    const range = extent(curves.flat());
    return [name, ...curves.map((values) => sparkline(values, range, CURVE_COLUMNS))];
  };
  const curves = isCurve ? [curve(t.accuracyByEpoch, 'val_accuracy'), curve(t.lossByEpoch, 'val_loss')] : [];
  const numbers = phases.map((_, i) => i + 1);
  return [
    table(['', ...finetuneColumns(result, t)], [...rows, ...curves], numbers, { columns }),
    wrap(finetuneConclusion(result, t), Math.min(columns, PROSE)),
  ].join('\n\n');
}

/** The result, in one to three sentences. */
export function finetuneConclusion(result: FinetuneResult, t: Messages = english): string {
  const { head, thawed, classes, samples, samples_by_class: byClass } = result;
  const { locale } = t;
  const percent = (share: number): string => formatPercent(share, locale);
  const largest = byClass.train.indexOf(maximum(byClass.train));
  const learned = t.finetune.learned(
    formatInteger(classes.length, locale),
    percent(head.test.accuracy),
    formatInteger(samples.test, locale),
    formatDuration(head.seconds, locale),
  );
  const sentences = [learned, t.finetune.majority(percent(byClass.test[largest] / samples.test))];
  if (thawed) {
    const points = (thawed.test.accuracy - head.test.accuracy) * 100;
    const shown = formatDecimal(Math.abs(points), 1, locale);
    const say = points > 0 ? t.finetune.better : t.finetune.worse;
    sentences.push(
      points === 0
        ? t.finetune.same(percent(thawed.test.accuracy))
        : say(shown, percent(thawed.test.accuracy)),
    );
  }
  return sentences.join(' ');
}
