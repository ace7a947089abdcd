/** Part 6: the fingerprints of the trained weights, and the commands by which Node comes to the same. */
import { html, type Markup } from '../../report/html/markup.ts';
import type { App } from '../app.ts';
import { PageError, t } from '../language.ts';
import { $, put } from '../view/dom.ts';
import { attempt, status } from '../view/status.ts';
import { commandFor } from '../work/command.ts';
import { WAY_NAMES } from '../work/ways.ts';

/** A command that breaks between its words alone, not within an option. */
const words = (command: string): Markup =>
  html`${command.split(' ').map((word, i) => html`${i > 0 ? ' ' : ''}<span>${word}</span>`)}`;

export function startProof(app: App): void {
  $('hashes').addEventListener('click', ({ target }) => {
    const command = (target as Element).closest<HTMLElement>('[data-command]')?.dataset.command;
    if (!command) return;
    void attempt('proof-status', async () => {
      try {
        // Pages from plain HTTP have no clipboard.
        await navigator.clipboard.writeText(command);
      } catch {
        throw new PageError(({ cantCopy }) => cantCopy);
      }
      status('proof-status', ({ copied }) => copied);
    });
  });
  app.runs.onChange(() => {
    const { copy, wayNames, fingerprint, notTrained, inResult, inFile } = t();
    put(
      'hashes',
      html`${WAY_NAMES.map((way) => {
        const run = app.runs.get(way);
        if (!run?.trained)
          return html`<div class="hash"><h3>${wayNames[way]}</h3><span class="small">${notTrained}</span></div>`;
        const { command, place, file } = commandFor(way, run.settings);
        return html`<div class="hash"><h3>${wayNames[way]}</h3><span class="small">${fingerprint}</span><code data-hash="${way}">${run.trained.sha256}</code>
<div class="command"><code>${words(command)}</code><button type="button" data-command="${command}" data-focus="${way}">${copy}</button></div><span class="small">${file ? inFile(file, place) : inResult(place)}</span></div>`;
      })}`,
    );
  });
}
