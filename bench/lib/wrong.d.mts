/** Types of wrong.mjs, for its test. */
export function wrong(line: string): never;
export function expectWord(script: string, value: string, words: readonly string[]): void;
export function expectCount(script: string, what: string, value: string | number, least?: number): number;
export function expectFile(script: string, what: string, path: string | undefined): string;
