/** Part 3: where the gradient goes, what each layer costs, how filters move, and what the plan leaves out. */
import { formatDecimal, formatInteger, formatPercent } from '../../report/format.ts';
import { html, type Markup } from '../../report/html/markup.ts';
import type { App } from '../app.ts';
import { t } from '../language.ts';
import type { Run } from '../runs.ts';
import { $, canvas, draw, put, say } from '../view/dom.ts';
import { flowOf } from '../view/flow.ts';
import { filterSheet, largestOf } from '../view/network-sheets.ts';
import { multiplications, type PlanRow } from '../work/step-cost.ts';
import { WAY_NAMES, WAYS, type WayName } from '../work/ways.ts';
import { onChoice, showChoice } from './choice.ts';

export function startGradient(app: App): void {
  let chosen: WayName | null = null;
  // It is scrolled sideways, by keys too.
  $('plan').tabIndex = 0;
  onChoice('gradient-ways', (way) => {
    chosen = way;
    app.runs.change();
  });
  app.runs.onChange(() => {
    const there = WAY_NAMES.filter((way) => app.runs.get(way)?.begin);
    // Unless somebody chose, the frozen one, which is what this is about.
    const way = chosen && there.includes(chosen) ? chosen : there.includes('frozen') ? 'frozen' : there[0];
    const run = way && app.runs.get(way);
    $('gradient-body').hidden = !run;
    say('gradient-empty', run ? '' : t().notYet);
    showChoice('gradient-ways', there, way ?? 'source');
    if (run) show(run, WAYS[way].frozen);
  });
}

function show({ begin, epochs }: Run, frozen: boolean): void {
  if (!begin) return;
  const { locale } = t();
  const { norms, filters } = epochs.at(-1) ?? begin;
  const { rows } = begin;
  const names = namesOf(rows);
  put('flow', flow(rows, norms));
  put('layers', html`${rows.map((row, i) => layer(row, names[i], norms[i], largestOf(norms)))}`);
  const { done, all } = multiplications(rows);
  const share = formatPercent(1 - done / all, locale);
  say('left-out', frozen ? t().leftOut(share) : t().nothingLeftOut(share));
  say('plan', begin.plan[locale === 'en' ? 'english' : 'portuguese']);
  const difference = filters.map((value, i) => value - begin.filters[i]);
  const largest = largestOf(begin.filters, filters);
  say('still', frozen ? t().standStill : '');
  const { before, after, difference: changed } = t().text;
  for (const [id, weights, name] of [
    ['filters-before', begin.filters, before],
    ['filters-after', filters, after],
    ['filters-difference', difference, changed],
  ] as const) {
    draw(canvas(id), filterSheet(weights, largest), t().filtersAbout(name));
  }
}

/** Layers are counted by kind: convolution 1 and 2, dense layer 1 and 2. */
function namesOf(rows: readonly PlanRow[]): { readonly long: string; readonly short: string }[] {
  return rows.map(({ kind }, i) => {
    const number = rows.slice(0, i + 1).filter((row) => row.kind === kind).length;
    return { long: t().layer(kind, number), short: t().layerShort(kind, number) };
  });
}

function flow(rows: readonly PlanRow[], norms: readonly number[]): Markup {
  const names = namesOf(rows);
  const through = names.filter((_, i) => rows[i].trained).map(({ long }) => long);
  return flowOf({
    title: t().flowAbout(through.reverse().join(', ')),
    image: t().image,
    error: t().error,
    layers: rows.map(({ trained, parts }, i) => ({
      name: names[i].short,
      frozen: !trained,
      norm: norms[i],
      passesOn: parts.inputGradient,
    })),
  });
}

/** One layer: its name, its gradient, and which parts of a step it takes part in. */
function layer(row: PlanRow, { long }: { readonly long: string }, norm: number, largest: number): Markup {
  const { locale } = t();
  const { kernel, trained, cached, each, parts } = row;
  const flags = Object.values(parts);
  const times = (count: number): string => formatInteger(count * each, locale);
  const words = Object.entries(parts)
    .filter(([, isDone]) => isDone)
    .map(([part]) => t().parts[part as keyof typeof parts]); // its own keys
  const cost = t().costOf(times(flags.filter(Boolean).length), times(flags.length));
  const gauge = largest > 0 ? (norm / largest) * 100 : 0;
  return html`<li class="${trained ? 'warm' : 'ice'}"><div><strong>${trained ? '' : '❄ '}${long}</strong><span class="small">${kernel.join(' × ')} · ${trained ? t().isTrained : t().isFrozen}</span></div>
<div class="small">${trained ? t().gradientOf(formatDecimal(norm, 3, locale)) : t().noGradient}<svg class="gauge" viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true"><rect width="${gauge.toFixed(1)}" height="5"/></svg></div>
<div class="cost"><svg viewBox="0 0 306 10" preserveAspectRatio="none" aria-hidden="true">${flags.map((isDone, i) => html`<rect class="${isDone ? 'done' : 'left'}" x="${i * 103 + 0.5}" y="0.5" width="99" height="9"/>`)}</svg><span>${cost}${words.length > 0 ? `: ${words.join(', ')}` : ''}${cached ? `: ${t().onceOnly}` : ''}</span></div></li>`;
}
