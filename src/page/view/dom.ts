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
  keepingFocus(element, () => {
    element.innerHTML = markup.text;
  });
}

/**
 * Changes what is in an element. What had the focus there, by its data-focus, has it again, so that whoever uses keys stays where he is.
 * @returns whether it is gone, and the focus with it
 */
export function keepingFocus(element: HTMLElement, change: () => void): boolean {
  const held = document.activeElement as HTMLElement | null;
  const key = held && element.contains(held) ? held.dataset.focus : undefined;
  change();
  if (key === undefined || element.contains(held)) return false;
  const again = [...element.querySelectorAll<HTMLElement>('[data-focus]')].find(
    ({ dataset }) => dataset.focus === key,
  );
  again?.focus({ preventScroll: true });
  return !again;
}

/** A button that is at work does nothing more; unlike a disabled one, it keeps the focus. */
export function setBusy(button: HTMLButtonElement, isBusy: boolean): void {
  button.setAttribute('aria-disabled', String(isBusy));
}

export const isBusy = (button: HTMLButtonElement): boolean => button.getAttribute('aria-disabled') === 'true';

/** Shows how much is done, from 0 to 1; null: nobody knows, and the bar says that something is being waited for. */
export function setProgress(id: string, share: number | null): void {
  const bar = $<HTMLProgressElement>(id);
  if (share === null) bar.removeAttribute('value');
  else bar.value = share;
}

/** Hides a button, or shows it; the focus that it may have goes to `heir`. */
export function setHidden(button: HTMLButtonElement, isHidden: boolean, heir: HTMLElement): void {
  if (isHidden && document.activeElement === button) heir.focus({ preventScroll: true });
  button.hidden = isHidden;
}

const shown = new WeakMap<HTMLElement, string>();

/** Sets an element's text where it is another, so that screen readers hear only what is new. No line breaks before a percent sign. */
export function say(id: string, words: string): void {
  const element = $(id);
  const text = words.replaceAll(' %', '\u00a0%');
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
