/** Part 2: one start, three ways, each trained in a Worker of its own at the same time. */
import { formatDuration, formatInteger, formatPercent } from '../../report/format.ts';
import type { App } from '../app.ts';
import { isStop, StudioClient, trainIn } from '../client.ts';
import { reasonOf, t } from '../language.ts';
import type { Messages } from '../messages.ts';
import { newRun, type Run, shareDone, withEvent } from '../runs.ts';
import { type Curve, chartOf, legendOf, rangeOf } from '../view/chart.ts';
import { button, put, say, setHidden, setProgress } from '../view/dom.ts';
import { attempt, NOTHING, status } from '../view/status.ts';
import type { Snapshot } from '../work/network.ts';
import { type OneOfThree, THREE } from '../work/ways.ts';

const MARKS = { frozen: 'circle', thawed: 'square', fresh: 'triangle' } as const;

export function startWays(app: App): void {
  const go = button('go');
  const stop = button('stop-ways');
  let workers: StudioClient[] = [];

  const run = async (): Promise<void> => {
    const needsSource = !app.runs.get('source')?.trained;
    status('ways-status', needsSource ? (m) => m.needsSource : NOTHING);
    const start = await app.ensureSource();
    status('ways-status', NOTHING);
    const settings = app.runs.get('source')?.settings ?? { epochs: 5, seed: 0 };
    stop.hidden = false;
    // Three trainings share the cores; with fewer than two each, a Worker's own thread does best.
    const share = app.threadsReason === null ? Math.floor(navigator.hardwareConcurrency / THREE.length) : 0;
    const threads = share > 1 ? share : 0;
    workers = THREE.map(() => new StudioClient());
    try {
      const alive = async (i: number): Promise<StudioClient> => {
        if (!workers[i].isAlive) workers[i] = new StudioClient();
        return workers[i];
      };
      await Promise.all(
        THREE.map((way, i) => train(app, way, () => alive(i), start, { ...settings, threads })),
      );
      status('ways-status', (m) => results(app, m));
    } finally {
      for (const worker of workers) worker.end();
      setHidden(stop, true, go);
    }
  };

  go.addEventListener('click', () => void attempt('ways-status', run, go));
  app.stopWays = () => {
    for (const worker of workers) worker.end();
  };
  stop.addEventListener('click', () => app.stopWays());
  app.runs.onProgress(() => showProgress(app));
  // One after the other, a frame each.
  app.runs.onChange(() => showEpochs(app));
  app.runs.onChange(() => chart(app, 'epochs'));
  app.runs.onChange(() => chart(app, 'seconds'));
}

/** One of the three. What goes wrong with it stands in its run, and the others go on. */
async function train(
  app: App,
  way: OneOfThree,
  alive: () => Promise<StudioClient>,
  start: Snapshot,
  settings: { readonly epochs: number; readonly seed: number; readonly threads: number },
): Promise<void> {
  let state: Run = newRun(settings);
  const tell = (next: Run): void => {
    state = next;
    app.runs.set(way, next);
  };
  tell(state);
  try {
    const trained = await trainIn(alive, way, start, settings, (event) => tell(withEvent(state, event)));
    (await alive()).end();
    tell({ ...state, state: 'done', trained });
    await app.show(way, trained.snapshot);
  } catch (error) {
    tell({ ...state, state: isStop(error) ? 'stopped' : 'failed', reason: reasonOf(error) });
  }
}

/** How each of them ended, in a line, which screen readers say too; nothing where what they began with is trained anew. */
function results(app: App, m: Messages): string {
  const runs = THREE.flatMap((way) => app.runs.get(way) ?? []);
  const troubles = new Set(runs.map((run) => trouble(run, m)));
  // What ended all of them is said once.
  if (troubles.size < 2 && !runs[0]?.trained) return [...troubles].join();
  const ends = runs.map((run, i) => {
    const end = run.trained ? formatPercent(run.trained.test.accuracy, m.locale) : trouble(run, m);
    return `${m.wayWords[THREE[i]]} ${end}`;
  });
  return m.waysDone(ends.join(', '));
}

function showProgress(app: App): void {
  for (const way of THREE) {
    setProgress(`${way}-progress`, shareDone(app.runs.get(way)));
  }
}

function showEpochs(app: App): void {
  const { locale } = t();
  for (const way of THREE) {
    const run = app.runs.get(way);
    const last = run?.epochs.at(-1);
    say(`${way}-accuracy`, last ? formatPercent(last.logs.val_accuracy, locale) : '–');
    say(`${way}-facts`, run ? facts(run) : '');
  }
  say('claim', claim(app));
}

/** Time and weights of a way, or what is the matter. */
function facts(run: Run): string {
  const { locale } = t();
  const { epochs, begin } = run;
  const what = trouble(run, t());
  if (what) return what;
  const later = laterSeconds(epochs);
  const trained = begin?.rows.reduce((sum, { trained, params }) => sum + (trained ? params : 0), 0);
  return [
    later === null ? '' : t().perEpoch(formatDuration(later, locale)),
    trained === undefined ? '' : t().trainedParams(formatInteger(trained, locale)),
  ]
    .filter(Boolean)
    .join(' · ');
}

/** Why it ended early; empty: it didn't. */
function trouble({ state, reason }: Run, m: Messages): string {
  if (state === 'failed') return m.failed(reason?.(m) ?? '');
  return state === 'stopped' ? m.stopped : '';
}

/** Of an epoch behind the first, which computes the features of a frozen part too; of the first where there is no other. */
function laterSeconds(epochs: Run['epochs']): number | null {
  const later = epochs.length > 1 ? epochs.slice(1) : epochs;
  if (later.length === 0) return null;
  return later.reduce((sum, { seconds }) => sum + seconds, 0) / later.length;
}

function claim(app: App): string {
  const { locale } = t();
  const [source, frozen, thawed] = (['source', 'frozen', 'thawed'] as const).map((way) => app.runs.get(way));
  if (!source?.trained || !frozen?.trained || !thawed?.trained) return '';
  const first = t().claim(
    formatPercent(frozen.epochs[0].logs.val_accuracy, locale),
    formatPercent(source.trained.test.accuracy, locale),
  );
  // The first epoch computes the features of the frozen part, too.
  const [times, of] = [frozen, thawed].map(({ epochs }) => laterSeconds(epochs));
  if (frozen.epochs.length < 2 || times === null || of === null) return first;
  return `${first} ${t().claimLater(formatPercent(times / of, locale))}`;
}

/** Test accuracies of all three, over their epochs or over the seconds that these took. */
function chart(app: App, over: 'epochs' | 'seconds'): void {
  const { locale } = t();
  const isTime = over === 'seconds';
  const title = isTime ? t().bySeconds : t().byEpoch;
  const curves = THREE.map((way): Curve => {
    let seconds = 0;
    const points = (app.runs.get(way)?.epochs ?? []).map((each) => {
      seconds += each.seconds;
      return [isTime ? seconds : each.epoch + 1, each.logs.val_accuracy] as const;
    });
    return { name: t().wayWords[way], style: way, mark: MARKS[way], points };
  });
  const points = curves.flatMap((curve) => curve.points);
  const share = (point: Curve['points'][number]): string => formatPercent(point[1], locale);
  const description = curves
    .filter((curve) => curve.points.length > 0)
    .map((curve) =>
      t().chartAbout(curve.name, share(curve.points[0]), share(curve.points[curve.points.length - 1])),
    )
    .join('; ');
  const whole = [1, Math.max(2, app.runs.get('frozen')?.settings.epochs ?? 5)] as const;
  say(isTime ? 'by-seconds' : 'by-epoch', title);
  put(
    `ways-${over}-chart`,
    chartOf({
      ...{ id: `ways-${over}`, title, description, curves, locale },
      x: isTime
        ? {
            range: rangeOf(
              points.map(([x]) => x),
              0,
              1,
            ),
            name: t().secondsAxis,
            whole: false,
          }
        : { range: whole, name: t().epochAxis, whole: true },
      y: {
        range: rangeOf(
          points.map(([, y]) => y),
          0.94,
          1,
        ),
        percent: true,
      },
    }),
  );
  if (!isTime) put('ways-legend', legendOf(curves));
}
