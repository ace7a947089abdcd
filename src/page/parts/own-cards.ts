/** The classes as cards: choose one, name it, see its examples, take one back, remove it. */
import { t } from '../language.ts';
import { $, keepingFocus, setBusy } from '../view/dom.ts';
import type { Example, NamedClass, OwnList } from './own-list.ts';

export interface CardActions {
  rename(): void;
  undo(from: NamedClass): void;
  remove(gone: NamedClass): void;
}

/** Draws the cards anew. Where a name was being typed, it still is; where a card is gone that had the focus, the next step is to add one. */
export function showCards(list: OwnList, actions: CardActions): void {
  const isGone = keepingFocus($('classes'), () => {
    $('classes').replaceChildren(...list.classes.map((each, i) => card(list, each, i + 1, actions)));
  });
  if (isGone) $('add-class').focus({ preventScroll: true });
}

function card(list: OwnList, own: NamedClass, number: number, actions: CardActions): HTMLElement {
  const element = document.createElement('div');
  element.className = 'class';
  const name = own.name || t().unnamed(number);

  const choose = document.createElement('input');
  Object.assign(choose, { type: 'radio', name: 'class', checked: list.chosen === own });
  const label = (): void => choose.setAttribute('aria-label', own.name || t().unnamed(number));
  label();
  choose.dataset.focus = `choose ${own.key}`;
  choose.addEventListener('change', () => {
    list.chosen = own;
  });

  const field = document.createElement('input');
  const placeholder = t().unnamed(number);
  Object.assign(field, { type: 'text', dir: 'auto', value: own.name, placeholder, maxLength: 40 });
  field.setAttribute('aria-label', t().className(number));
  field.dataset.focus = `name ${own.key}`;
  field.addEventListener('input', () => {
    own.name = field.value.trim();
    label();
    actions.rename();
  });

  const undo = iconButton('↶', t().undoLast(name), () => actions.undo(own));
  setBusy(undo, own.examples.length === 0);
  undo.dataset.focus = `undo ${own.key}`;
  const remove = iconButton('✕', t().removeClass(name), () => actions.remove(own));
  remove.dataset.focus = `remove ${own.key}`;

  const examples = document.createElement('div');
  examples.className = 'thumbnails';
  const count = document.createElement('span');
  count.className = 'count';
  count.textContent = t().drawings(own.examples.length);
  examples.append(count, ...own.examples.map(thumbnail));

  element.append(choose, field, undo, remove, examples);
  return element;
}

function iconButton(icon: string, label: string, press: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = icon;
  button.setAttribute('aria-label', label);
  button.title = label;
  button.addEventListener('click', press);
  return button;
}

/** An example is drawn once, and its canvas used again. */
const canvases = new WeakMap<Example, HTMLCanvasElement>();

function thumbnail(example: Example): HTMLCanvasElement {
  const known = canvases.get(example);
  if (known) return known;
  const { side, data } = example.thumbnail;
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: side, height: side });
  canvas.getContext('2d')?.putImageData(new ImageData(data, side, side), 0, 0);
  canvas.setAttribute('aria-hidden', 'true');
  canvases.set(example, canvas);
  return canvas;
}
