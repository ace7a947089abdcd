/** A run's curves by epoch and its time per epoch, as drawings and as a table of the same numbers. */
import type { PhaseFigures, TransferResult } from '../../experiment/result.ts';
import { maximum } from '../../tensor/maximum.ts';
import { formatDecimal, formatDigits, formatDuration, formatFigure, formatInteger } from '../format.ts';
import type { Messages } from '../messages.ts';
import { extent } from '../sparkline.ts';
import { epochSeconds, phaseTitles } from '../transfer.ts';
import { barChart } from './bar-chart.ts';
import { type EpochPoint, type Phases, timeline } from './epochs.ts';
import { type LineChart, lineChart } from './line-chart.ts';
import { html, type Markup } from './markup.ts';
import { htmlTable } from './table.ts';
import { timeUnit } from './units.ts';

/** What the drawings of runs side by side share, so that they can be compared. */
export interface Scales {
  readonly accuracy: readonly [number, number];
  readonly loss: readonly [number, number];
  /** The number of epochs of the longest run, so that an epoch is in the same place in all charts. */
  readonly epochs: number;
  /** Seconds of the longest epoch of all. */
  readonly longestEpoch: number;
}

/** Phases with what a page calls them. */
export interface Curves extends Phases {
  /** Of the legend and the axes; the second is empty where there is one phase. */
  readonly titles: readonly [source: string, target: string];
  /** The names of the table's rows. */
  readonly names: readonly [source: string, target: string];
  /** What the legend says. */
  readonly legend: readonly [source: string, target: string];
}

/** The experiment's. */
export function transferCurves(result: TransferResult, t: Messages): Curves {
  const { source, target } = result;
  const names = [formatDigits(source.digits), formatDigits(target.digits)] as const;
  return { source, target, names, titles: phaseTitles(result, t), legend: [t.page.source, t.page.target] };
}

const phasesOf = ({ source, target }: Phases): PhaseFigures[] => (target ? [source, target] : [source]);
/** The number of epochs of the longer phase. */
const epochsOf = (phases: Phases): number =>
  maximum(phasesOf(phases).map(({ history }) => history.loss.length));

export function commonScales(runs: readonly Phases[]): Scales {
  const histories = runs.flatMap((run) => phasesOf(run).map(({ history }) => history));
  const [leastAccuracy] = extent(histories.flatMap((h) => [...h.accuracy, ...h.val_accuracy]));
  const [, mostLoss] = extent(histories.flatMap((h) => [...h.loss, ...h.val_loss]));
  return {
    accuracy: [Math.min(leastAccuracy, 1), 1],
    loss: [0, mostLoss],
    epochs: maximum(runs.map(epochsOf)),
    longestEpoch: extent(histories.flatMap(({ seconds }) => seconds))[1],
  };
}

/** @param id begins the ids of this run's part of the page */
export function curveSection(id: string, result: Curves, scales: Scales, t: Messages): Markup {
  const { page, locale } = t;
  const phases = result.titles;
  const time = timeline(result);
  const line = (figure: 'accuracy' | 'loss', title: string): Markup => {
    const ends = phasesOf(result).map(({ history }, i) => {
      const values = history[`val_${figure}`];
      return page.curveEnd(
        phases[i],
        formatFigure(values[0], locale),
        formatFigure(values.at(-1) ?? 0, locale),
      );
    });
    const chart: LineChart = {
      ...{ id: `${id}-${figure}`, title, figure, phases, locale, timeline: time },
      description: page.curveAbout(title, ends.join('; ')),
      range: scales[figure],
      epochs: scales.epochs,
      epochAxis: page.epochAxis,
    };
    return html`<figure><figcaption>${title}</figcaption>${lineChart(chart)}</figure>`;
  };
  const about = phasesOf(result).map(({ history }, i) => {
    const { first, later } = epochSeconds(history);
    const rest = later === null ? null : formatDuration(later, locale);
    return page.barsOf(phases[i], formatDuration(first, locale), rest);
  });
  const timeTitle = page.time(timeUnit(scales.longestEpoch).name);
  const bars = barChart({
    ...{ id: `${id}-time`, title: timeTitle, phases, locale, timeline: time },
    description: page.barsAbout(about.join('; ')),
    longestEpoch: scales.longestEpoch,
    epochAxis: page.epochAxis,
  });
  return html`<div class="charts">${line('accuracy', page.accuracy)}${line('loss', page.loss)}<figure><figcaption>${timeTitle}</figcaption>${bars}</figure></div>
${legend(result, t)}
<details><summary>${page.numbers}</summary>${numbers(result, t)}</details>`;
}

function legend({ legend, target }: Curves, { page }: Messages): Markup {
  const item = (drawing: Markup, text: string): Markup =>
    html`<li><svg viewBox="0 0 40 14" aria-hidden="true">${drawing}</svg> ${text}</li>`;
  const sample = (name: string): Markup =>
    html`<g class="neutral ${name}"><polyline points="1,7 39,7"/><circle cx="20" cy="7" r="4"/></g>`;
  const phases = (['source', ...(target ? (['target'] as const) : [])] as const).map((phase, i) =>
    item(
      html`<g class="${phase} test"><polyline points="1,7 39,7"/><circle cx="20" cy="7" r="4"/></g>`,
      legend[i],
    ),
  );
  return html`<ul class="legend">${item(sample('train'), page.training)}${item(sample('test'), page.testing)}${phases}</ul>`;
}

function numbers(result: Curves, t: Messages): Markup {
  const { page, locale, columns: names } = t;
  const time = timeline(result);
  const rows = phasesOf(result).flatMap(({ history }, i) =>
    (i === 0 ? time.source : time.target).map((point: EpochPoint) => [
      `${result.names[i]}, ${t.epoch(`${point.epoch}`, `${history.loss.length}`)}`,
      ...[point.loss, point.accuracy, point.val_loss, point.val_accuracy].map((value) =>
        formatFigure(value, locale),
      ),
      ...[point.seconds, point.elapsed].map((seconds) => formatDecimal(seconds, 2, locale)),
    ]),
  );
  const columns = [names.loss, names.accuracy, names.val_loss, names.val_accuracy, t.seconds, page.elapsed];
  const shown = time.source.length;
  const all = result.source.history.loss.length;
  const caption =
    shown < all
      ? `${page.numbersCaption}: ${page.someOf(formatInteger(shown, locale), formatInteger(all, locale))}`
      : page.numbersCaption;
  return htmlTable(
    caption,
    [{ name: page.epochColumn }, ...columns.map((name) => ({ name, isNumber: true }))],
    rows,
    page.swipe,
  );
}
