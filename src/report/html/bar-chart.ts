/** Seconds of every epoch before and after freezing, as SVG: full bars, then hatched ones. */
import { formatDecimal } from '../format.ts';
import { axis } from './axis.ts';
import type { Timeline } from './epochs.ts';
import { FRAME, shorten, yTicks } from './line-chart.ts';
import { html, type Markup } from './markup.ts';
import { timeUnit } from './units.ts';

/** Bars up to this number have their value above them. */
const MOST_VALUES = 12;

export interface BarChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly timeline: Timeline;
  /** Seconds of the longest epoch of all runs that are side by side. */
  readonly longestEpoch: number;
  readonly phases: readonly [source: string, target: string];
  readonly epochAxis: string;
  readonly locale: string;
}

export function barChart(chart: BarChart): Markup {
  const { id, title, description, timeline, longestEpoch, phases, epochAxis, locale } = chart;
  const { width, height, left, right, top, bottom } = FRAME;
  const unit = timeUnit(longestEpoch);
  const y = axis(0, longestEpoch / unit.seconds, bottom, top);
  const bars = [
    ...timeline.source.map((point) => ({ ...point, phase: 'source' })),
    ...timeline.target.map((point) => ({ ...point, phase: 'target' })),
  ];
  // A gap of one bar between the phases.
  const pitch = (right - left) / (bars.length + 1);
  const isFew = bars.length <= MOST_VALUES;
  const drawn = bars.map(({ phase, seconds, epoch }, i) => {
    const x = round(left + (i + (phase === 'target' ? 1 : 0)) * pitch + pitch * 0.1);
    const from = y.at(seconds / unit.seconds);
    const middle = round(x + pitch * 0.4);
    const value = seconds / unit.seconds;
    return html`<rect class="bar ${phase}" x="${x}" y="${from}" width="${round(pitch * 0.8)}" height="${round(bottom - from)}"${phase === 'target' ? html` fill="url(#${id}-hatch)"` : null}/>${
      isFew
        ? html`<text class="value" x="${middle}" y="${from - 5}" text-anchor="middle">${formatDecimal(value, value < 10 ? 2 : 1, locale)}</text><text class="tick" x="${middle}" y="${bottom + 17}" text-anchor="middle">${epoch}</text>`
        : null
    }`;
  });
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t" aria-describedby="${id}-d">
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
<defs><pattern id="${id}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-paper" width="6" height="6"/><rect class="hatch-line" width="3" height="6"/></pattern></defs>
${yTicks(y, locale)}
<text class="axis" x="${(left + right) / 2}" y="${bottom + 38}" text-anchor="middle">${epochAxis}</text>
<text class="source" x="${left}" y="${top - 9}">${shorten(phases[0])}</text>
<text class="target" x="${right}" y="${top - 9}" text-anchor="end">${shorten(phases[1])}</text>
${drawn}
</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
