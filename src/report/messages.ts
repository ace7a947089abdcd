/** The languages that people are spoken to in: a table of messages each. Errors, --help and JSON are English. */
import { english, type Messages } from './messages/en.ts';
import { portuguese } from './messages/pt.ts';

/** Languages by the name that `--lang` takes. */
export const LANGUAGES = { en: english, pt: portuguese } as const satisfies Record<string, Messages>;

export type Language = keyof typeof LANGUAGES;

export { english, type Messages };
