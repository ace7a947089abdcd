/** The report of a fine-tuning, with the photos that it got wrong. */
import type { FinetuneDetails, PhotoDetails } from '../../experiment/finetune/details.ts';
import type { FinetuneResult } from '../../experiment/finetune/result.ts';
import { finetuneColumns, finetuneConclusion, finetuneRows } from '../finetune.ts';
import { formatDuration, formatInteger, formatOption, formatPercent } from '../format.ts';
import { english, type Messages } from '../messages.ts';
import { confusionTable } from './confusion.ts';
import { commonScales, curveSection } from './curves.ts';
import { html, type Markup, type Piece } from './markup.ts';
import { likeliest, probabilityRow } from './mistakes.ts';
import { pngUrl } from './png.ts';
import { again, type Section, shell, subtitle, unbroken } from './shell.ts';
import { htmlTable } from './table.ts';

/** A run under the name of its folder. */
export interface NamedFinetuning {
  readonly name: string;
  readonly result: FinetuneResult;
  readonly details: FinetuneDetails;
}

/** Classes of a photo's that have a line: its own may be another. */
const LIKELIEST = 4;

/** @param say puts why a file was left out into the page's language. Default: English, as it is. */
export function finetunePage(
  { result, details }: NamedFinetuning,
  t: Messages = english,
  say: (message: string) => string = (message) => message,
): string {
  const { page, finetune, locale } = t;
  const titles = finetuneColumns(result, t);
  const matrices = [details.confusion.head, ...(details.confusion.thawed ? [details.confusion.thawed] : [])];
  const two = [titles[0], titles[1] ?? ''] as const;
  const curves = { source: result.head, target: result.thawed, titles: two, names: two, legend: two };
  const sections: Section[] = [
    { id: 'results', heading: page.results, content: results(result, matrices, t) },
    {
      id: 'curves',
      heading: page.curves,
      content: html`<p>${finetune.curvesLead}</p>${curveSection('run1', curves, commonScales([curves]), t)}`,
    },
    {
      id: 'confusion',
      heading: page.confusion,
      content: html`<p>${finetune.confusionLead}</p><div class="pair">${matrices.map((confusion, i) => confusionTable({ digits: result.classes }, { confusion }, titles[i], t))}</div>`,
    },
    { id: 'mistakes', heading: page.mistakes, content: mistakes(result, details, t) },
    ...(details.skipped.length > 0
      ? [{ id: 'skipped', heading: finetune.skippedHeading, content: skipped(result, details, t, say) }]
      : []),
    { id: 'options', heading: page.options, content: options(result, details, t) },
    { id: 'again', heading: page.again, content: again(result, details, t) },
  ];
  const title = finetune.title(formatInteger(result.classes.length, locale));
  const lead = html`<p class="lead">${unbroken(finetuneConclusion(result, t))}</p>${subtitle(details, t)}`;
  return shell({ title, lead, sections }, t);
}

function results(
  result: FinetuneResult,
  matrices: readonly (readonly (readonly number[])[])[],
  t: Messages,
): Markup {
  const { page, finetune, locale } = t;
  const integer = (value: number): string => formatInteger(value, locale);
  const number = (name: string): { name: string; isNumber: true } => ({ name, isNumber: true });
  const titles = finetuneColumns(result, t);
  const measures = htmlTable(
    result.thawed ? finetune.resultsCaption : finetune.resultsCaptionAlone,
    [{ name: page.measure }, ...titles.map(number)],
    finetuneRows(result, t).map(({ name, values }) => [name, ...values]),
    page.swipe,
  );
  const { train, test } = result.samples_by_class;
  const rights = titles.map((title) =>
    number(titles.length > 1 ? `${finetune.rightColumn}: ${title}` : finetune.rightColumn),
  );
  const classes = htmlTable(
    finetune.classesCaption,
    [{ name: finetune.classColumn }, number(finetune.trainColumn), number(finetune.testColumn), ...rights],
    result.classes.map((name, k) => [
      ...[name, integer(train[k]), integer(test[k])],
      ...matrices.map((matrix) => (test[k] > 0 ? formatPercent(matrix[k][k] / test[k], locale) : '–')),
    ]),
    page.swipe,
  );
  return html`${measures}${classes}`;
}

function mistakes({ classes }: FinetuneResult, { mistakes: photos }: FinetuneDetails, t: Messages): Markup {
  if (photos.length === 0) return html`<p>${t.page.noMistakes}</p>`;
  return html`<p>${t.finetune.mistakesLead}</p><ul class="mistakes">${photos.map((photo) => html`<li>${figure(photo, classes, t)}</li>\n`)}</ul>`;
}

function figure(
  { file, label, predicted, probabilities, height, width, pixels }: PhotoDetails,
  classes: readonly string[],
  t: Messages,
): Markup {
  const name = t.page.mistake(classes[label], classes[predicted]);
  const data = Buffer.from(pixels, 'base64');
  const shown = [...new Set([...likeliest(probabilities, LIKELIEST), label])].sort(
    (a, b) => probabilities[b] - probabilities[a],
  );
  const short = file.split(/[/\\]/).slice(-2).join('/');
  // Features that were computed elsewhere come without the photos.
  const image =
    width > 0
      ? html`<img src="${pngUrl({ width, height, channels: 3, data })}" width="${width}" height="${height}" alt="${t.finetune.photoOf(classes[label])}: ${short}">`
      : '';
  return html`<figure class="photo"><figcaption><strong>${name}</strong> <small>${short}</small></figcaption>
${image}
<table><caption class="unseen">${name}: ${t.page.probability}</caption>
<thead class="unseen"><tr><th scope="col">${t.page.classColumn}</th><th scope="col">${t.page.probability}</th></tr></thead>
<tbody>${shown.map((k) => probabilityRow(classes[k], probabilities[k], k === label, t))}</tbody></table></figure>`;
}

function skipped(
  { data }: FinetuneResult,
  details: FinetuneDetails,
  t: Messages,
  say: (message: string) => string,
): Markup {
  const count = formatInteger(data.skipped, t.locale);
  return html`<p>${t.finetune.skippedLead(count)}</p><ul>${details.skipped.map(({ reason }) => html`<li>${say(reason)}</li>`)}</ul>`;
}

function options(result: FinetuneResult, { machine }: FinetuneDetails, t: Messages): Markup {
  const { page, finetune, locale } = t;
  const { options: given, base, data, features } = result;
  const option = (value: number): string => formatOption(value, locale);
  const code = (text: string): Markup => html`<code>${text}</code>`;
  const thaw = given.thaw === null ? page.no : `${given.thaw}`;
  const rows: [string, Piece][] = [
    ['degelo', result.version],
    [page.engine, `${result.engine}, V8 ${machine.v8}`],
    [page.system, machine.system],
    [page.processor, page.cores(formatInteger(machine.cores, locale), machine.cpu)],
    [finetune.baseOption, base.source],
    [finetune.baseHash, code(base.sha256)],
    [page.dataSource, t.sourceName(data.source)],
    [page.dataHash, code(data.sha256)],
    [finetune.cutOption, features.cut],
    [finetune.widthOption, formatInteger(features.width, locale)],
    [finetune.sizeOption, features.size.join('×')],
    [finetune.preprocessOption, features.preprocessing],
    [finetune.featureTime, formatDuration(features.seconds, locale)],
    [finetune.splitOption, option(given.test_split)],
    [finetune.hiddenOption, option(given.hidden)],
    [finetune.dropoutOption, option(given.dropout)],
    [finetune.phaseEpochs, option(given.epochs)],
    [page.batchSize, option(given.batch_size)],
    [page.learningRate, option(given.learning_rate)],
    [finetune.weightsOption, given.class_weights],
    [finetune.thawOption, thaw],
    [finetune.thawEpochsOption, option(given.thaw_epochs)],
    [finetune.thawRateOption, option(given.thaw_learning_rate)],
    [page.seed, option(result.seed)],
    [page.threads, option(result.threads)],
    [page.kernel, result.kernel],
    [page.convolution, result.convolution],
    [page.featureCache, option(result.feature_cache_mb)],
    [page.weightsHash, code(result.weights_sha256)],
  ];
  return htmlTable(page.optionsCaption, [{ name: page.option }, { name: page.value }], rows, page.swipe);
}
