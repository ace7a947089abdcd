/** Buttons that choose one of the networks that are trained. */
import { html } from '../../report/html/markup.ts';
import { t } from '../language.ts';
import { $, put } from '../view/dom.ts';
import type { WayName } from '../work/ways.ts';

/** Tells which of an element's buttons, one for each way, was pressed. */
export function onChoice(id: string, choose: (way: WayName) => void): void {
  $(id).addEventListener('click', ({ target }) => {
    const way = (target as Element).closest<HTMLElement>('[data-way]')?.dataset.way;
    if (way) choose(way as WayName); // as showChoice writes them
  });
}

export function showChoice(id: string, ways: readonly WayName[], chosen: WayName): void {
  put(
    id,
    html`${ways.map((way) => html`<button type="button" data-way="${way}" data-focus="${way}" aria-pressed="${String(way === chosen)}">${t().wayNames[way]}</button>`)}`,
  );
}
