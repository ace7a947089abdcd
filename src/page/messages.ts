/** The page's languages. English is always there; another is loaded where somebody reads it. */
import { english, type Messages } from './messages/en.ts';

export const LANGUAGES = {
  en: async (): Promise<Messages> => english,
  pt: async (): Promise<Messages> => (await import('./messages/pt.ts')).portuguese,
} as const;
export type Language = keyof typeof LANGUAGES;
export { english, type Messages };

/** The language that people who have set these in their browser read best: Portuguese or English. */
export function preferred(languages: readonly string[]): Language {
  const known = languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in LANGUAGES);
  return known === 'pt' ? 'pt' : 'en';
}
