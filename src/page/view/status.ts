/** A line that says how a part of the page stands, or what is the matter; the page goes on. */
import { isStop } from '../client.ts';
import { t } from '../language.ts';
import { $, say } from './dom.ts';

export function status(id: string, text: string, isAlert = false): void {
  $(id).classList.toggle('alert', isAlert);
  say(id, text);
}

/** Does what a button asks for, and says what went wrong. A button that is at work can't be pressed. */
export async function attempt(
  id: string,
  work: () => Promise<void>,
  button?: HTMLButtonElement,
): Promise<void> {
  if (button) button.disabled = true;
  try {
    await work();
  } catch (error) {
    status(id, isStop(error) ? t().stopped : t().failed(reasonOf(error)), !isStop(error));
  } finally {
    if (button) button.disabled = false;
  }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
