/** The page's language, and the texts of index.html in it. */
import { english, LANGUAGES, type Language, type Messages } from './messages.ts';

let messages: Messages = english;

/** The messages of the language at hand. */
export const t = (): Messages => messages;

/** What is said, in any language: it is said again where another one is chosen. */
export type Words = (messages: Messages) => string;

/** An error of the page's own. Those of the library are English. */
export class PageError extends Error {
  readonly words: Words;

  constructor(words: Words) {
    super(words(t()));
    this.words = words;
  }
}

/** Why something went wrong. */
export function reasonOf(error: unknown): Words {
  if (error instanceof PageError) return error.words;
  return () => (error instanceof Error ? error.message : String(error));
}

/**
 * Sets all text of index.html: each element's data-t names its message. All stays as it is where the language can't be loaded: the
 * text is there in another.
 */
export async function speak(language: Language): Promise<void> {
  const loaded = await LANGUAGES[language]().catch(() => null);
  if (!loaded) return;
  messages = loaded;
  document.documentElement.lang = messages.locale;
  document.title = `${messages.text.title} · degelo`;
  const texts: Readonly<Record<string, string>> = messages.text;
  for (const element of document.querySelectorAll<HTMLElement>('[data-t]')) {
    element.textContent = texts[element.dataset.t ?? ''];
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-t-label]')) {
    element.setAttribute('aria-label', texts[element.dataset.tLabel ?? '']);
  }
  for (const button of document.querySelectorAll<HTMLElement>('[data-language]')) {
    button.setAttribute('aria-pressed', String(button.dataset.language === language));
  }
}
