/** Tells on the screen what goes on in a run: what the notebook prints, with a live line under it. */
import { describeLayers } from '../experiment/details.ts';
import type { AnyPhase, Progress, RunObserver } from '../experiment/observer.ts';
import type { PhaseFigures } from '../experiment/result.ts';
import { english, type Messages } from '../report/messages.ts';
import { epochHeader, epochRow, progressLine } from '../report/progress.ts';
import { summaryText } from '../report/summary.ts';
import { phaseFooting } from '../report/transfer.ts';
import type { Screen } from './screen.ts';

/** @param heading what is above a phase */
export function narrate<P extends AnyPhase, R extends PhaseFigures = PhaseFigures>(
  screen: Screen,
  heading: (phase: P, t: Messages, columns: number) => string,
  t: Messages = english,
): Required<Omit<RunObserver<P, R>, 'onSafePoint' | 'everyBatch'>> {
  let current: Progress<P>['activity'] | null = null;
  let begin = 0;
  // Of the phase: its table must not change its shape on the way.
  let columns = Infinity;
  return {
    onPhaseBegin(phase, model) {
      columns = screen.columns;
      screen.print(`\n${heading(phase, t, columns)}\n`);
      screen.print(summaryText(model.name, describeLayers(model), t, columns));
      screen.print(`\n${epochHeader(phase, t, columns)}`);
    },
    onProgress(progress) {
      if (progress.activity !== current || progress.seen === 0) {
        current = progress.activity;
        begin = performance.now();
      }
      const seconds = (performance.now() - begin) / 1000;
      screen.show((room) => progressLine(progress, seconds, room, t));
    },
    onEpochEnd(phase, epoch, logs, seconds) {
      screen.print(epochRow(phase, epoch, logs, seconds, t, columns));
    },
    onPhaseEnd(_phase, result) {
      screen.print(`\n${phaseFooting(result, t)}`);
    },
  };
}
