/** Part 1: the notebook's first phase, live. */

import { formatDuration, formatFigure, formatInteger, formatPercent } from '../../report/format.ts';
import { html } from '../../report/html/markup.ts';
import type { App } from '../app.ts';
import { callable, isStop, stopReason, trainIn } from '../client.ts';
import { reasonOf, t } from '../language.ts';
import type { Messages } from '../messages.ts';
import { newRun, type Run, shareDone, withEvent } from '../runs.ts';
import { type Curve, chartOf, legendOf, rangeOf } from '../view/chart.ts';
import { $, button, canvas, draw, put, say, setBusy, setHidden, setProgress } from '../view/dom.ts';
import { digitSheet } from '../view/pixels.ts';
import { attempt, status } from '../view/status.ts';
import type { Snapshot } from '../work/network.ts';
import type { Tiles } from '../work/train.ts';
import { SIDE, THREE } from '../work/ways.ts';

/** Milliseconds that a training has to stop by itself. One that waits for threads, or for a part of its program, is ended with its Worker. */
const PATIENCE = 3000;

/** Digits in the sheet, where there are none yet. */
const NO_TILES: Tiles = { pixels: new Uint8Array(), labels: new Uint8Array() };

export function startSource(app: App): void {
  let tiles = NO_TILES;
  let running: Promise<Snapshot> | null = null;
  /** Ends the waiting for images, which may take long, or never come. */
  let endWaiting = (_: Error): void => {};
  const train = button('train');
  const stop = button('stop');

  const run = async (): Promise<Snapshot> => {
    const settings = { epochs: whole('epochs', 1, 30), seed: whole('seed', 0, 999_999) };
    let state = newRun(settings);
    const tell = (next: Run): void => {
      state = next;
      app.runs.set('source', next);
    };
    // They went on from weights that are learnt anew now.
    app.stopWays();
    for (const way of THREE) {
      app.runs.delete(way);
      app.shown.delete(way);
    }
    tell(state);
    setBusy(train, true);
    stop.hidden = false;
    try {
      const hear = callable((loaded: number) => {
        if (state.state === 'loading') tell({ ...state, loaded });
      });
      const images = app.askThreads().then(() => app.call((studio) => studio.tiles('source', hear)));
      const stopped = new Promise<never>((_, reject) => {
        endWaiting = reject;
      });
      tiles = await Promise.race([images, stopped]);
      const threads = app.threads ?? 0;
      const trained = await trainIn(
        () => app.alive(),
        'source',
        null,
        { ...settings, threads },
        (event) => tell(withEvent(state, event)),
      );
      await app.show('source', trained.snapshot);
      tell({ ...state, state: 'done', trained });
      return trained.snapshot;
    } catch (error) {
      tell({ ...state, state: isStop(error) ? 'stopped' : 'failed', reason: reasonOf(error) });
      throw error;
    } finally {
      setBusy(train, false);
      setHidden(stop, true, train);
      running = null;
    }
  };

  app.ensureSource = () => {
    const done = app.runs.get('source')?.trained;
    if (done) return Promise.resolve(done.snapshot);
    running ??= run();
    return running;
  };

  // What goes wrong stands in the run.
  train.addEventListener('click', () => {
    running ??= run();
    running.catch(() => {});
  });
  stop.addEventListener('click', () => {
    endWaiting(stopReason());
    const stopping = running;
    void attempt('source-status', async () => {
      const studio = await app.alive();
      setTimeout(() => {
        if (running === stopping) studio.end();
      }, PATIENCE);
      await studio.call((it) => it.stop());
    });
  });
  app.runs.onProgress(() => showProgress(app.runs.get('source')));
  // One after the other, a frame each: together they would hold the page for longer than a frame.
  app.runs.onChange(() => showFigures(app.runs.get('source')));
  app.runs.onChange(() => curves('accuracy', app.runs.get('source')));
  app.runs.onChange(() => curves('loss', app.runs.get('source')));
  app.runs.onChange(() => showTiles(app.runs.get('source'), tiles));
}

function showProgress(run: Run | null): void {
  const { locale } = t();
  setProgress('source-progress', shareDone(run));
  status('source-status', (m) => words(run, m), run?.state === 'failed');
  const last = run?.epochs.at(-1);
  const logs = run?.progress?.activity === 'training' ? run.progress.logs : last?.logs;
  const figure = (value: number | undefined, format: (value: number, locale: string) => string): string =>
    value === undefined ? '–' : format(value, locale);
  say('source-loss', figure(logs?.loss, formatFigure));
  say('source-accuracy', figure(logs?.accuracy, formatPercent));
}

function showFigures(run: Run | null): void {
  const { locale } = t();
  const last = run?.epochs.at(-1);
  say('source-test', last ? formatPercent(last.logs.val_accuracy, locale) : '–');
  say('source-time', run?.epochs.length ? formatDuration(secondsOf(run), locale) : '–');
  say('source-threads', run?.begin ? formatInteger(Math.max(1, run.begin.threads), locale) : '–');
}

/** Test digits, and which of them it takes for another. */
function showTiles(run: Run | null, tiles: Tiles): void {
  const guesses = run?.epochs.at(-1)?.guesses;
  const wrong = Array.from(tiles.labels, (label, i) => guesses !== undefined && guesses[i] !== label);
  const count = wrong.filter((is) => !is).length;
  if (wrong.length === 0) return;
  const about = guesses ? t().right(count, wrong.length) : t().testDigits(wrong.length);
  draw(canvas('tiles'), digitSheet(tiles.pixels, SIDE, wrong), about);
  say('tiles-caption', about);
}

/** What the status line says. */
function words(run: Run | null, m: Messages): string {
  if (!run) return '';
  const { state, settings, progress, trained, begin, reason } = run;
  const plain = begin?.kernel === 'plain' ? ` · ${m.plainKernels}` : '';
  switch (state) {
    case 'loading':
      return m.loading;
    case 'running': {
      const epoch = formatInteger((progress?.epoch ?? 0) + 1, m.locale);
      const of = formatInteger(settings.epochs, m.locale);
      const isTraining = (progress?.activity ?? 'training') === 'training';
      return (isTraining ? m.epochOf : m.testing)(epoch, of) + plain;
    }
    case 'done': {
      const accuracy = formatPercent(trained?.test.accuracy ?? 0, m.locale);
      return m.done(accuracy, formatDuration(trained?.seconds ?? 0, m.locale)) + plain;
    }
    case 'stopped':
      return m.stopped;
    case 'failed':
      return m.failed(reason?.(m) ?? '');
  }
}

function curves(figure: 'accuracy' | 'loss', run: Run | null): void {
  const epochs = run?.epochs ?? [];
  const curve = (name: string, key: string, style: string, mark: Curve['mark']): Curve => ({
    ...{ name, style, mark },
    points: epochs.map(({ epoch, logs }) => [epoch + 1, logs[key]]),
  });
  const both = [
    curve(t().test, `val_${figure}`, 'source', 'circle'),
    curve(t().training, figure, 'source dashed', 'none'),
  ];
  const values = both.flatMap(({ points }) => points.map(([, y]) => y));
  const title = t().text[figure];
  const [first, last] = [epochs[0], epochs.at(-1)].map((each) =>
    formatFigure(each?.logs[`val_${figure}`] ?? 0, t().locale),
  );
  const chart = chartOf({
    id: `source-${figure}`,
    title,
    description: epochs.length > 0 ? t().chartAbout(t().test, first, last) : '',
    curves: both,
    x: { range: [1, Math.max(2, run?.settings.epochs ?? 5)], name: t().epochAxis, whole: true },
    y:
      figure === 'accuracy'
        ? { range: rangeOf(values, 0.9, 1), percent: true }
        : { range: rangeOf(values, 0, 0.5), percent: false },
    locale: t().locale,
  });
  put(`source-${figure}-chart`, html`${chart}${legendOf(both)}`);
}

/** Seconds that all epochs took so far. */
function secondsOf({ epochs }: Run): number {
  return epochs.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** A whole number in a field, brought within its bounds, which the field then shows. */
function whole(id: string, least: number, most: number): number {
  const field = $<HTMLInputElement>(id);
  const value = Math.round(Number(field.value));
  const within = Math.min(most, Math.max(least, Number.isFinite(value) ? value : least));
  field.value = String(within);
  return within;
}
