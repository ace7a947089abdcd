/** The page, put together. Each part has its own file; what they share is in app.ts, and all computing is in Workers. */
import { App } from './app.ts';
import { isolate } from './isolation.ts';
import { allWords, choose, speak, wantedLanguages } from './language.ts';
import { type Language, preferred } from './messages.ts';
import { whenNear } from './near.ts';
import { startSource } from './parts/source.ts';
import { startThreads } from './parts/threads.ts';
import { startWays } from './parts/ways.ts';
import { $ } from './view/dom.ts';
import { attempt, clear, repeatAll } from './view/status.ts';

/** Parts that show what was trained: each with its section, and the line that says how it stands. */
const LATER = [
  ['gradient', 'gradient-empty', async () => (await import('./parts/gradient.ts')).startGradient],
  ['digit', 'digit-status', async () => (await import('./parts/digit.ts')).startDigit],
  ['own', 'own-status', async () => (await import('./parts/own.ts')).startOwn],
  ['proof', 'proof-status', async () => (await import('./parts/proof.ts')).startProof],
] as const;

/** Speaks a language; what keeps it from that is said at the top. */
const say = (speaking: Promise<void>): Promise<void> =>
  attempt('spoken', async () => {
    clear('spoken');
    await speaking;
  });

// Nothing waits for it: what is pressed meanwhile counts.
const spoken = say(speak(preferred(wantedLanguages())));
if (!(await isolate())) {
  const app = new App();
  for (const start of [startThreads, startSource, startWays]) start(app);
  for (const [section, line, load] of LATER) {
    whenNear($(section), line, async () => {
      const [start] = await Promise.all([load(), allWords()]);
      start(app);
      app.runs.change();
    });
  }
  // Behind all parts, whose names may follow the language too.
  app.runs.onShown(repeatAll);
  for (const button of document.querySelectorAll<HTMLElement>('[data-language]')) {
    button.addEventListener('click', async () => {
      await say(choose(button.dataset.language as Language)); // as index.html has it
      app.runs.change();
    });
  }
  app.runs.change();
  await Promise.all([app.askThreads(), spoken.then(() => app.runs.change())]);
}
