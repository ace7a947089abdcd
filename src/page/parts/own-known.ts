/** The classes that are told apart: those that were learnt last, or that were loaded. What they say of a drawing or photo, as bars. */
import { formatPercent } from '../../report/format.ts';
import { html, type Markup } from '../../report/html/markup.ts';
import type { App } from '../app.ts';
import { PageError, t } from '../language.ts';
import type { Messages, Words } from '../messages.ts';
import { barsOf, indexOfLargest } from '../view/bars.ts';
import type { Picture } from '../work/photo.ts';
import { inSentence, translated } from './own-list.ts';

/** Classes that are named and shown with their probabilities; of more, the likeliest. */
const MOST = 12;

/** A class; where nobody named it, its number stands for its name. */
export interface Known {
  name: string;
  readonly number: number;
}

export const nameOf = ({ name, number }: Known): string => name || t().unnamed(number);
export const named = (known: Known): string => inSentence(nameOf(known));

export class KnownClasses {
  readonly #app: App;
  /** All classes, in the order of the network's outputs. */
  #all: readonly Known[] = [];
  /** They are told apart in photos, not in drawings. */
  #forPhotos = false;
  /** The Worker that knows them, by its number. */
  #generation = 0;
  #shares: readonly number[] = [];

  constructor(app: App) {
    this.#app = app;
  }

  get isEmpty(): boolean {
    return this.#all.length === 0;
  }

  get areForDrawings(): boolean {
    return !this.isEmpty && !this.#forPhotos;
  }

  /** The page's Worker knows these now, and no others. */
  set(all: readonly Known[], forPhotos: boolean): void {
    this.#all = all;
    this.#shares = [];
    this.#forPhotos = forPhotos;
    this.#generation = this.#app.generation;
  }

  forget(): void {
    this.#all = [];
  }

  /** @throws PageError where there are no classes, or the Worker ended that knew them. */
  async expect(): Promise<void> {
    await this.#app.ready();
    if (this.isEmpty) throw new PageError(({ needTwo }) => needTwo);
    if (this.#generation === this.#app.generation) return;
    this.forget();
    throw new PageError(({ learnAgain }) => learnAgain);
  }

  /** What they say of it, in words; then the bars show it too. @throws as `expect`, and where it can't be looked at */
  async ask(picture: Picture): Promise<Words> {
    await this.expect();
    const shares = await this.#app.call((studio) => studio.guess(picture));
    this.#shares = shares;
    const best = indexOfLargest(shares);
    const likeliest = this.#all[best];
    return (m) => m.itSays(named(likeliest), formatPercent(shares[best], m.locale));
  }

  toTry({ drawToTry, photoToTry }: Messages): string {
    return this.#forPhotos ? photoToTry : drawToTry;
  }

  /** The names of the classes as the page shows them. */
  get shownNames(): readonly string[] {
    return this.#all.map(nameOf);
  }

  /** The names of the classes as files hold them; null: nobody named one. */
  get names(): readonly string[] | null {
    return this.#all.some(({ name }) => name) ? this.shownNames : null;
  }

  /** The names for a sentence: the first ones, where there are many. */
  get list(): string {
    const some = this.#all.slice(0, MOST).map(named).join(', ');
    return this.#all.length > MOST ? `${some} …` : some;
  }

  /** Names that nobody changed follow the language. */
  translate(from: readonly string[], to: readonly string[]): void {
    for (const each of this.#all) each.name = translated(each.name, from, to);
  }

  bars(): Markup {
    if (this.isEmpty) return html``;
    let rows = this.#all.map((each, i) => [nameOf(each), this.#shares[i] ?? 0] as const);
    if (rows.length > MOST) rows = rows.sort(([, a], [, b]) => b - a).slice(0, MOST);
    return barsOf(
      rows.map(([name]) => name),
      rows.map(([, share]) => share),
      t().locale,
    );
  }
}
