/** A figure of training over the time of both phases, as SVG: the test's curve solid, the training's dashed. */
import { formatDecimal } from '../format.ts';
import { type Axis, axis } from './axis.ts';
import type { EpochPoint, Timeline } from './epochs.ts';
import { html, type Markup } from './markup.ts';
import { timeUnit } from './units.ts';

/** The drawing's own units; letters are 13 high, so it must not become much narrower than 300 pixels. */
export const FRAME = { width: 400, height: 264, left: 52, right: 390, top: 26, bottom: 212 } as const;

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
  readonly longest: number;
  readonly phases: readonly [source: string, target: string];
  readonly timeAxis: (unit: string) => string;
  readonly locale: string;
}

export function lineChart(chart: LineChart): Markup {
  const { id, title, description, timeline, figure, range, longest, phases, timeAxis, locale } = chart;
  const { width, height, left, right, top, bottom } = FRAME;
  const unit = timeUnit(longest);
  const x = axis(0, longest / unit.seconds, left, right);
  const y = axis(...range, bottom, top);
  const atTime = (seconds: number): number => x.at(seconds / unit.seconds);
  const [freezing, end] = [atTime(timeline.freezing), atTime(timeline.end)];
  const curves = (points: readonly EpochPoint[], phase: string): Markup[] => [
    curve(points, (point) => [atTime(point.elapsed), y.at(point[figure])], `${phase} train`),
    curve(points, (point) => [atTime(point.elapsed), y.at(point[`val_${figure}`])], `${phase} test`),
  ];
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="${id}-t" aria-describedby="${id}-d">
<title id="${id}-t">${title}</title><desc id="${id}-d">${description}</desc>
<rect class="band" x="${freezing}" y="${top}" width="${round(end - freezing)}" height="${bottom - top}"/>
${yTicks(y, locale)}
${x.ticks.map((tick) => html`<text class="tick" x="${x.at(tick)}" y="${bottom + 17}" text-anchor="middle">${formatDecimal(tick, x.decimals, locale)}</text>`)}
<text class="axis" x="${(left + right) / 2}" y="${bottom + 38}" text-anchor="middle">${timeAxis(unit.name)}</text>
<path class="freezing" d="M${freezing} ${top}V${bottom}"/>
<text class="source" x="${left}" y="${top - 9}">${shorten(phases[0])}</text>
<text class="target" x="${right}" y="${top - 9}" text-anchor="end">${shorten(phases[1])}</text>
${curves(timeline.source, 'source')}${curves(timeline.target, 'target')}
</svg>`;
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

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
