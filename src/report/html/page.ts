/** The report of the experiment, of one run or of several side by side. */
import type { SavedRun } from '../../experiment/saved-run.ts';
import { formatDigits } from '../format.ts';
import { english, type Messages } from '../messages.ts';
import { conclusion, learningRateNote, phaseTitles } from '../transfer.ts';
import { confusionTable } from './confusion.ts';
import { commonScales, curveSection, transferCurves } from './curves.ts';
import { featureMapSection } from './feature-maps.ts';
import { filterSection } from './filters.ts';
import { layerTable } from './layers.ts';
import { html, type Markup, type Piece } from './markup.ts';
import { mistakeGallery } from './mistakes.ts';
import { optionRows } from './options.ts';
import { resultsTable } from './results.ts';
import { again, type Section, shell, subtitle, unbroken } from './shell.ts';
import { htmlTable } from './table.ts';

/** A run under the name that the page calls it. */
export interface NamedRun extends SavedRun {
  readonly name: string;
}

/** One run, or several side by side. @param runs at least one */
export function reportPage(runs: readonly NamedRun[], t: Messages = english): string {
  const { page } = t;
  const [{ result }] = runs;
  const isAlone = runs.length === 1;
  const title = isAlone
    ? page.title(formatDigits(result.source.digits), formatDigits(result.target.digits))
    : page.titleOfRuns(runs.length);
  const lead = isAlone
    ? html`<p class="lead">${unbroken(conclusion(result, t))}</p>${subtitle(runs[0].details, t)}`
    : null;
  return shell({ title, lead, sections: pageSections(runs, t) }, t);
}

function pageSections(runs: readonly NamedRun[], t: Messages): Section[] {
  const { page } = t;
  const scales = commonScales(runs.map(({ result }) => result));
  const isAlone = runs.length === 1;
  /** The same of every run, side by side where there are several. */
  const each = (draw: (run: NamedRun, id: string) => Piece): Markup =>
    html`<div class="runs">${runs.map((run, i) => html`<div class="run">${isAlone ? null : html`<h3>${run.name}</h3>`}\n${draw(run, `run${i + 1}`)}</div>\n`)}</div>`;
  /** Something of both phases. */
  const both = (run: NamedRun, draw: (name: 'source' | 'target', title: string) => Markup): Markup[] => {
    const titles = phaseTitles(run.result, t);
    return (['source', 'target'] as const).map((name, i) => draw(name, titles[i]));
  };
  const sections: { id: string; heading: string; lead?: string; content: Markup }[] = [
    {
      id: 'results',
      heading: page.results,
      content: html`${resultsTable(runs, t)}${isAlone ? notes(runs[0], t) : each((run) => html`<p>${unbroken(conclusion(run.result, t))}</p>${subtitle(run.details, t)}${notes(run, t)}`)}`,
    },
    {
      id: 'curves',
      heading: page.curves,
      lead: page.curvesLead,
      content: each(({ result }, id) => curveSection(id, transferCurves(result, t), scales, t)),
    },
    {
      id: 'confusion',
      heading: page.confusion,
      lead: page.confusionLead,
      content: each((run) => {
        const tables = both(run, (name, title) =>
          confusionTable(run.result[name], run.details[name], title, t),
        );
        return html`<div class="pair">${tables}</div>`;
      }),
    },
    {
      id: 'mistakes',
      heading: page.mistakes,
      lead: page.mistakesLead,
      content: each((run) =>
        both(run, (name, title) => {
          const heading = isAlone ? html`<h3>${title}</h3>` : html`<h4>${title}</h4>`;
          return html`${heading}${mistakeGallery(run.result[name], run.details[name], run.details.image, t)}`;
        }),
      ),
    },
    {
      id: 'filters',
      heading: page.filters,
      content: each(({ result, details: { filters, feature_maps: maps, image } }) => [
        filters ? filterSection(filters, t) : null,
        maps ? featureMapSection(maps, result.target.digits, image, t) : null,
      ]),
    },
    {
      id: 'layers',
      heading: page.layers,
      content: each(({ result, details: { source, target } }) =>
        layerTable('transfer', phaseTitles(result, t), source.layers, target.layers, t),
      ),
    },
    { id: 'options', heading: page.options, content: optionsTable(runs, t) },
    { id: 'again', heading: page.again, content: each(({ result, details }) => again(result, details, t)) },
  ];
  const shown = sections.filter(({ id }) => id !== 'filters' || runs.some(({ details }) => details.filters));
  return shown.map(({ lead, content, ...others }) => ({
    ...others,
    content: lead === undefined ? content : html`<p>${lead}</p>\n${content}`,
  }));
}

function notes({ result }: NamedRun, t: Messages): Markup | null {
  const note = learningRateNote(result.learning_rate, t);
  return note ? html`<p>${note}</p>` : null;
}

/** Options of all runs, a column each; what isn't the same in all is said to differ. */
function optionsTable(runs: readonly NamedRun[], t: Messages): Markup {
  const { page } = t;
  const columns = runs.map((run) => optionRows(run, t));
  const rows = columns[0].map(([name], r) => {
    const values = columns.map((column) => column[r][1]);
    const differs = new Set(values.map((value) => html`${value}`.text)).size > 1;
    return [html`${name}${differs ? html` <small>(${page.differs})</small>` : null}`, ...values];
  });
  const names = runs.length === 1 ? [page.value] : runs.map(({ name }) => name);
  return htmlTable(
    page.optionsCaption,
    [page.option, ...names].map((name) => ({ name })),
    rows,
    page.swipe,
  );
}
