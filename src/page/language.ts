/** The page's language, and the texts of index.html in it. */
import { english } from './messages/en.ts';
import type { Language, Messages, Words } from './messages.ts';

/** English, of which the texts of index.html are there: read before another language takes their place, they need not come twice. */
const inEnglish = { ...english, text: writtenTexts() } as Messages; // the rest is there before anybody asks: allWords

let messages = inEnglish;
let wanted: Language = 'en';

/** What later parts say is there in English, after this; a file of another language has all. */
export async function allWords(): Promise<void> {
  Object.assign(inEnglish, (await import('./messages/later-en.ts')).later);
}

/** The messages of the language at hand. */
export const t = (): Messages => messages;

/** An error of the page's own. Those of the library are English. */
export class PageError extends Error {
  readonly words: Words;

  constructor(words: Words) {
    super(words(t()));
    this.words = words;
  }
}

/** What is said to programmers, by browsers and by the library, and what the page says instead; `why` is the reason in it. */
const OTHERWISE: readonly (readonly [RegExp, (m: Messages, why: string) => string])[] = [
  // Chromium and Firefox, and Safari, where a part of a program doesn't come, in a Worker too.
  [/dynamically imported module|Importing a module script failed/, ({ partMissing }) => partMissing],
  [/ can't be downloaded: ([^:]*)/, (m, why) => m.imagesMissing(why)],
  [/^the threads gave no answer/, ({ threadsSilent }) => threadsSilent],
  // Of a thread.
  [/s' program (can't|didn't)/, ({ workerMissing }) => workerMissing],
  [/no DecompressionStream|OffscreenCanvas/, ({ oldBrowser }) => oldBrowser],
  // What came isn't the images, or not all of them.
  [/idx[13]-ubyte/, ({ imagesDamaged }) => imagesDamaged],
  [/allocation failed|out of memory|WebAssembly memory/i, ({ noMemory }) => noMemory],
  [/can't read it as an image/, ({ noPhoto }) => noPhoto],
  [/: no ink: /, ({ nothingSeen }) => nothingSeen],
  [/\(QuotaExceededError\)/, ({ noRoom }) => noRoom],
  [/^\w+: (.* \(\w+Error\)|there is no IndexedDB here)/, (m, why) => m.noStorage(why)],
];

/** Why something went wrong. */
export function reasonOf(error: unknown): Words {
  if (error instanceof PageError) return error.words;
  const message = error instanceof Error ? error.message : String(error);
  for (const [said, words] of OTHERWISE) {
    const found = said.exec(message);
    if (found) return (m) => words(m, m.errorOf(found[1] ?? ''));
  }
  return (m) => m.errorOf(message);
}

/** Where the language is kept that somebody chose. */
const CHOSEN = 'degelo: language';

/** The language that was chosen here before, if one was, and those that the browser prefers. */
export function wantedLanguages(): readonly string[] {
  try {
    return [localStorage.getItem(CHOSEN) ?? [], navigator.languages].flat();
  } catch {
    return navigator.languages; // storage is refused here
  }
}

/** Speaks a language now, and in later visits, where the browser keeps it. */
export async function choose(language: Language): Promise<void> {
  try {
    localStorage.setItem(CHOSEN, language);
  } catch {
    // Refused, or full: it is spoken in this visit.
  }
  await speak(language);
}

/**
 * Sets all text of index.html: each element's data-t names its message. All stays as it is where another was wanted meanwhile.
 * @throws what keeps the language from being loaded: the text is there in another.
 */
export async function speak(language: Language): Promise<void> {
  wanted = language;
  const loaded = language === 'en' ? inEnglish : await inPortuguese();
  if (wanted !== language) return;
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

const inPortuguese = async (): Promise<Messages> => (await import('./messages/pt.ts')).portuguese;

/** Each text of index.html by its data-t or data-t-label. */
function writtenTexts(): Messages['text'] {
  const elements = document.querySelectorAll<HTMLElement>('[data-t], [data-t-label]');
  const texts = Array.from(elements, (element) => {
    const { t, tLabel } = element.dataset;
    return t === undefined ? [tLabel, element.getAttribute('aria-label')] : [t, element.textContent];
  });
  return Object.fromEntries(texts) as Messages['text']; // a test sees to it that all are there
}
