/** A run's curves by epoch and its time per epoch, as drawings and as a table of the same numbers. */
import type { TransferResult } from '../../experiment/result.ts';
import { maximum } from '../../tensor/maximum.ts';
import { formatDecimal, formatDigits, formatDuration, formatFigure, formatInteger } from '../format.ts';
import type { Messages } from '../messages.ts';
import { extent } from '../sparkline.ts';
import { epochSeconds, phaseTitles } from '../transfer.ts';
import { barChart } from './bar-chart.ts';
import { type EpochPoint, timeline } from './epochs.ts';
import { type LineChart, lineChart } from './line-chart.ts';
import { html, type Markup } from './markup.ts';
import { htmlTable } from './table.ts';
import { timeUnit } from './units.ts';

/** What the drawings of runs side by side share, so that they can be compared. */
export interface Scales {
  readonly accuracy: readonly [number, number];
  readonly loss: readonly [number, number];
  /** Of the run that has most, so that an epoch stands in the same place in all. */
  readonly epochs: number;
  /** Seconds of the longest epoch of all. */
  readonly longestEpoch: number;
}

export function commonScales(results: readonly TransferResult[]): Scales {
  const histories = results.flatMap(({ source, target }) => [source.history, target.history]);
  const [leastAccuracy] = extent(histories.flatMap((h) => [...h.accuracy, ...h.val_accuracy]));
  const [, mostLoss] = extent(histories.flatMap((h) => [...h.loss, ...h.val_loss]));
  return {
    accuracy: [Math.min(leastAccuracy, 1), 1],
    loss: [0, mostLoss],
    epochs: maximum(results.map(({ epochs }) => epochs)),
    longestEpoch: extent(histories.flatMap(({ seconds }) => seconds))[1],
  };
}

/** @param id begins the ids of this run's part of the page */
export function curveSection(id: string, result: TransferResult, scales: Scales, t: Messages): Markup {
  const { page, locale } = t;
  const phases = phaseTitles(result, t);
  const time = timeline(result);
  const line = (figure: 'accuracy' | 'loss', title: string): Markup => {
    const ends = [result.source, result.target].map(({ history }, i) => {
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
  const about = [result.source, result.target].map(({ history }, i) => {
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
${legend(t)}
<details><summary>${page.numbers}</summary>${numbers(result, t)}</details>`;
}

function legend({ page }: Messages): Markup {
  const item = (drawing: Markup, text: string): Markup =>
    html`<li><svg viewBox="0 0 40 14" aria-hidden="true">${drawing}</svg> ${text}</li>`;
  const sample = (name: string): Markup =>
    html`<g class="neutral ${name}"><polyline points="1,7 39,7"/><circle cx="20" cy="7" r="4"/></g>`;
  const [first, second] = (['source', 'target'] as const).map((phase) =>
    item(
      html`<g class="${phase} test"><polyline points="1,7 39,7"/><circle cx="20" cy="7" r="4"/></g>`,
      page[phase],
    ),
  );
  return html`<ul class="legend">${item(sample('train'), page.training)}${item(sample('test'), page.testing)}${first}${second}</ul>`;
}

function numbers(result: TransferResult, t: Messages): Markup {
  const { page, locale, columns: names } = t;
  const time = timeline(result);
  const rows = ([result.source, result.target] as const).flatMap(({ digits }, i) =>
    (i === 0 ? time.source : time.target).map((point: EpochPoint) => [
      `${formatDigits(digits)}, ${t.epoch(`${point.epoch}`, `${result.epochs}`)}`,
      ...[point.loss, point.accuracy, point.val_loss, point.val_accuracy].map((value) =>
        formatFigure(value, locale),
      ),
      ...[point.seconds, point.elapsed].map((seconds) => formatDecimal(seconds, 2, locale)),
    ]),
  );
  const columns = [names.loss, names.accuracy, names.val_loss, names.val_accuracy, t.seconds, page.elapsed];
  const shown = time.source.length;
  const caption =
    shown < result.epochs
      ? `${page.numbersCaption}: ${page.someOf(formatInteger(shown, locale), formatInteger(result.epochs, locale))}`
      : page.numbersCaption;
  return htmlTable(
    caption,
    [{ name: page.epochColumn }, ...columns.map((name) => ({ name, isNumber: true }))],
    rows,
    page.swipe,
  );
}
