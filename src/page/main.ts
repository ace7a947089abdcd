/** The page, put together. Each part has its own file; what they share is in app.ts, and all computing is in Workers. */
import { App } from './app.ts';
import { isolate } from './isolation.ts';
import { speak } from './language.ts';
import { type Language, preferred } from './messages.ts';
import { startDigit } from './parts/digit.ts';
import { startGradient } from './parts/gradient.ts';
import { startOwn } from './parts/own.ts';
import { startProof } from './parts/proof.ts';
import { startSource } from './parts/source.ts';
import { startThreads } from './parts/threads.ts';
import { startWays } from './parts/ways.ts';
import { repeatAll } from './view/status.ts';

await speak(preferred(navigator.languages));
if (!(await isolate())) {
  const app = new App();
  for (const start of [
    startThreads,
    startSource,
    startWays,
    startGradient,
    startDigit,
    startOwn,
    startProof,
  ]) {
    start(app);
  }
  // Behind the parts, whose names may follow the language too.
  app.runs.onChange(repeatAll);
  for (const button of document.querySelectorAll<HTMLElement>('[data-language]')) {
    button.addEventListener('click', async () => {
      await speak(button.dataset.language as Language); // as index.html has it
      app.runs.change();
    });
  }
  app.runs.change();
  await app.askThreads();
}
