/** A line that says how a part of the page stands, or what is the matter; the page goes on. */
import { isStop } from '../client.ts';
import { reasonOf, t } from '../language.ts';
import type { Words } from '../messages.ts';
import { $, isBusy, say, setBusy } from './dom.ts';

const said = new Map<string, Words>();

export function status(id: string, words: Words, isAlert = false): void {
  said.set(id, words);
  $(id).classList.toggle('alert', isAlert);
  say(id, words(t()));
}

export const NOTHING: Words = () => '';

/** Says nothing more there, not in another language either. */
export function clear(id: string): void {
  if (said.delete(id)) say(id, '');
}

/** Says all lines once more, in the language at hand. */
export function repeatAll(): void {
  for (const [id, words] of said) say(id, words(t()));
}

/** Does what a button asks for, and says what went wrong. A button that is at work does nothing more until then. */
export async function attempt(
  id: string,
  work: () => Promise<void>,
  button?: HTMLButtonElement,
): Promise<void> {
  if (button && isBusy(button)) return;
  if (button) setBusy(button, true);
  try {
    await work();
  } catch (error) {
    const reason = reasonOf(error);
    if (isStop(error)) status(id, ({ stopped }) => stopped);
    else status(id, (m) => m.failed(reason(m)), true);
  } finally {
    if (button) setBusy(button, false);
  }
}
