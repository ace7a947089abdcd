/** The page's elements, and how sheets and markup come into them. */
import type { Markup } from '../../report/html/markup.ts';
import type { Sheet } from './pixels.ts';

/** An element of index.html. */
export function $<E extends HTMLElement = HTMLElement>(id: string): E {
  const element = document.getElementById(id);
  if (!element) throw new Error(`index.html has no #${id}`);
  return element as E; // as index.html has it
}

export const button = (id: string): HTMLButtonElement => $<HTMLButtonElement>(id);
export const canvas = (id: string): HTMLCanvasElement => $<HTMLCanvasElement>(id);

/** Has `id` hold this, where it doesn't yet: what is the same isn't drawn again. */
export function put(id: string, markup: Markup): void {
  const element = $(id);
  if (shown.get(element) === markup.text) return;
  shown.set(element, markup.text);
  element.innerHTML = markup.text;
}

const shown = new WeakMap<HTMLElement, string>();

/** Sets an element's text where it is another, so that screen readers hear only what is new. */
export function say(id: string, text: string): void {
  const element = $(id);
  if (element.textContent !== text) element.textContent = text;
}

/** Draws a sheet in its own size; style sheets make it larger. */
export function draw(target: HTMLCanvasElement, { width, height, data }: Sheet, label: string): void {
  if (target.width !== width) target.width = width;
  if (target.height !== height) target.height = height;
  target.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  target.setAttribute('aria-label', label);
  target.hidden = false;
}
