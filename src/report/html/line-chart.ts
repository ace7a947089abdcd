/** A figure of training by epoch, both phases one over the other, as SVG: the test's curve solid, the training's dashed. */
import { formatDecimal, formatInteger } from '../format.ts';
import { spread } from '../sparkline.ts';
import { type Axis, axis } from './axis.ts';
import type { EpochPoint, Timeline } from './epochs.ts';
import { html, type Markup } from './markup.ts';

/** The drawing's own units; letters are 13 high, so it must not become much narrower than 300 pixels. */
export const FRAME = { width: 400, height: 264, left: 52, right: 390, top: 26, bottom: 212 } as const;

/** Between the frame and the first mark. */
const MARGIN = 10;
/** Epochs with a number below the axis. */
const MOST_TICKS = 6;

/** Points up to this number have a mark each. */
const MOST_MARKS = 24;

export interface LineChart {
  /** Begins every id in the page's part that this is. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly timeline: Timeline;
  /** The figure's curves: `accuracy` means `accuracy` and `val_accuracy`. */
  readonly figure: 'accuracy' | 'loss';
  /** The scales; side by side runs share them. */
  readonly range: readonly [least: number, most: number];
  readonly epochs: number;
  readonly phases: readonly [source: string, target: string];
  readonly epochAxis: string;
  readonly locale: string;
}

/** Both phases over the same axis, from their first epoch to their last, so that epoch can be compared with epoch. */
export function lineChart(chart: LineChart): Markup {
  const { id, title, description, timeline, figure, range, epochs, phases, epochAxis, locale } = chart;
  const { width, height, left, right, top, bottom } = FRAME;
  const y = axis(...range, bottom, top);
  const x = (epoch: number): number => {
    // One epoch alone is in the middle.
    const share = epochs > 1 ? (epoch - 1) / (epochs - 1) : 0.5;
    return Math.round((left + MARGIN + share * (right - left - 2 * MARGIN)) * 10) / 10;
  };
  const curves = (points: readonly EpochPoint[], phase: string): Markup[] => [
    curve(points, (point) => [x(point.epoch), y.at(point[figure])], `${phase} train`),
    curve(points, (point) => [x(point.epoch), y.at(point[`val_${figure}`])], `${phase} test`),
  ];
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t" aria-describedby="${id}-d">
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
${yTicks(y, locale)}
${epochTicks(epochs).map((epoch) => html`<text class="tick" x="${x(epoch)}" y="${bottom + 17}" text-anchor="middle">${formatInteger(epoch, locale)}</text>`)}
<text class="axis" x="${(left + right) / 2}" y="${bottom + 38}" text-anchor="middle">${epochAxis}</text>
<text class="source" x="${left}" y="${top - 9}">${shorten(phases[0])}</text>
<text class="target" x="${right}" y="${top - 9}" text-anchor="end">${shorten(phases[1])}</text>
${curves(timeline.source, 'source')}${curves(timeline.target, 'target')}
</svg>`;
}

/** All epochs where they are few, else some that are spread evenly, the first and the last among them. */
function epochTicks(epochs: number): number[] {
  return spread(epochs, MOST_TICKS).map((i) => i + 1);
}

/** Lines across the drawing, with their numbers at its left. */
export function yTicks(y: Axis, locale: string): Markup[] {
  const { left, right } = FRAME;
  return y.ticks.map(
    (tick) =>
      html`<path class="grid" d="M${left} ${y.at(tick)}H${right}"/><text class="tick" x="${left - 6}" y="${y.at(tick) + 4}" text-anchor="end">${formatDecimal(tick, y.decimals, locale)}</text>`,
  );
}

/** What would run into its neighbour, with dots for its end. */
export function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

function curve(
  points: readonly EpochPoint[],
  place: (point: EpochPoint) => readonly [number, number],
  name: string,
): Markup {
  const places = points.map(place);
  const marks = places.length > MOST_MARKS ? [] : places;
  return html`<g class="${name}"><polyline points="${places.map((p) => p.join()).join(' ')}"/>${marks.map(([cx, cy]) => html`<circle cx="${cx}" cy="${cy}" r="4"/>`)}</g>`;
}
