/** Every option and version of a run, as rows of a table. */
import type { SavedRun } from '../../experiment/saved-run.ts';
import { formatDigits, formatInteger, formatOption } from '../format.ts';
import type { Messages } from '../messages.ts';
import { html, type Piece } from './markup.ts';

export function optionRows({ result, details }: SavedRun, t: Messages): [name: string, value: Piece][] {
  const { page, locale } = t;
  const integer = (value: number): string => formatInteger(value, locale);
  const option = (value: number): string => formatOption(value, locale);
  const samples = ({ digits, samples }: typeof result.source): string =>
    `${formatDigits(digits)}: ${integer(samples.train)} + ${integer(samples.test)}`;
  return [
    ['degelo', result.version],
    [page.engine, `${result.engine}, V8 ${details.machine.v8}`],
    [page.system, details.machine.system],
    [page.processor, page.cores(integer(details.machine.cores), details.machine.cpu)],
    [page.dataSource, t.sourceName(result.data.source)],
    ...(result.base
      ? [[t.finetune.baseOption, `${result.base.source}: ${result.base.cut}`] as [string, Piece]]
      : []),
    [page.dataHash, html`<code>${result.data.sha256}</code>`],
    [page.sourceSamples, samples(result.source)],
    [page.targetSamples, samples(result.target)],
    [page.reverse, result.reverse ? t.yes : page.no],
    [page.epochs, option(result.epochs)],
    [page.batchSize, option(result.batch_size)],
    [page.learningRate, option(result.learning_rate)],
    [page.seed, option(result.seed)],
    [page.threads, option(result.threads)],
    [page.kernel, result.kernel],
    [page.convolution, result.convolution],
    [page.featureCache, option(result.feature_cache_mb)],
    [page.weightsHash, html`<code>${result.weights_sha256}</code>`],
  ];
}
