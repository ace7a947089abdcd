/** The buttons and file fields of own classes: each does one thing, and the status line says what came of it. */
import { PageError, reasonOf } from '../language.ts';
import { $, button } from '../view/dom.ts';
import { attempt } from '../view/status.ts';
import { fileReason } from './file-reasons.ts';

export const STATUS = 'own-status';

/** Milliseconds after which a downloaded file's bytes are forgotten: browsers have begun by then. */
const KEPT = 60_000;

export function onPress(id: string, work: () => Promise<void>): void {
  button(id).addEventListener('click', () => void attempt(STATUS, work, button(id)));
}

/** Has `work` called with the files that somebody chose; the same ones may be chosen again. */
export function onFiles(id: string, work: (files: readonly File[]) => Promise<void>): void {
  const field = $<HTMLInputElement>(id);
  field.addEventListener('change', () => {
    const files = [...(field.files ?? [])];
    field.value = '';
    if (files.length > 0) void attempt(STATUS, () => shown(work(files)));
  });
}

/** Scrolls to the status line where it is out of sight, when there is something to read: on a phone it is far above the last buttons. */
export async function shown(work: Promise<void>): Promise<void> {
  try {
    await work;
  } finally {
    // What went wrong is said behind this.
    requestAnimationFrame(() => $(STATUS).scrollIntoView({ block: 'nearest' }));
  }
}

/** Does what reads networks of these files. @throws PageError in words for people. */
export async function reading<T>(files: readonly File[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new PageError(fileReason(error, files, reasonOf(error)));
  }
}

/** Gives the user a file. */
export function offer(name: string, bytes: Uint8Array<ArrayBuffer>): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT);
}
