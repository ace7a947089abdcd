/** The page's languages. */
import { english, type Messages } from './messages/en.ts';
import { portuguese } from './messages/pt.ts';

export const LANGUAGES = { en: english, pt: portuguese } as const;
export type Language = keyof typeof LANGUAGES;
export type { Messages };

/** The language that people who have set these in their browser read best: Portuguese or English. */
export function preferred(languages: readonly string[]): Language {
  const known = languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in LANGUAGES);
  return known === 'pt' ? 'pt' : 'en';
}
