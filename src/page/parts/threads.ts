/** The chip at the top: how many threads, and why one. */
import type { App } from '../app.ts';
import { reasonOf, t } from '../language.ts';
import { $, say } from '../view/dom.ts';

export function startThreads(app: App): void {
  app.runs.onChange(() => {
    const begin = app.runs.get('source')?.begin;
    const reason = begin?.threadsReason ?? app.threadsReason;
    const threads = begin?.threads ?? app.threads;
    say('threads', threads === null ? '' : threads > 0 ? t().threadsOf(threads) : t().noThreads);
    const why = $('why-one');
    why.hidden = reason === null;
    if (reason !== null) say('why-one-reason', `${reasonOf(reason)(t())}. ${t().oneThreadDoes}`);
  });
}
