/** The page's languages. English stands in index.html; Portuguese is loaded where somebody reads it. */
import type { Said } from './messages/en.ts';
import type { portuguese } from './messages/pt.ts';

export type Language = 'en' | 'pt';

/** What the page says: `text` is what stands in index.html, by its data-t. */
export type Messages = Said & { readonly text: Readonly<Record<keyof typeof portuguese.text, string>> };

/** What is said, in any language: it is said again where another one is chosen. */
export type Words = (messages: Messages) => string;

/** The language that people who have set these in their browser read best: Portuguese or English. */
export function preferred(languages: readonly string[]): Language {
  const known = languages.map((tag) => tag.slice(0, 2).toLowerCase());
  return known.find((tag): tag is Language => tag === 'en' || tag === 'pt') ?? 'en';
}
