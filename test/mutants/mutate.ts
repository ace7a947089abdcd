/** Mutants: sources with one small mistake each, made by text substitution in the functions of the backward passes. */
import { readSource } from './loader.ts';

export interface Mutant {
  /** Path within src/. */
  readonly file: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
  /** The whole mutated source. */
  readonly text: string;
}

/**
 * In order of preference: the first that applies to a line makes its mutant. In a loop of one line the mistake is in
 * what is repeated, and only else in the loop's bounds.
 */
const RULES: readonly (readonly [RegExp, string])[] = [
  // The wrong sign in a sum that is accumulated.
  [/(?<=Math\.fround\(\S+) \+ (?=Math\.fround|\w+\[)/, ' - '],
  [/(?<!for .*) \+= /, ' -= '],
  // The wrong element, the wrong stride.
  [/ \* /, ' + '],
  [/(?<!for .*) \+ /, ' - '],
  [/ - /, ' + '],
  [/ \/ /, ' * '],
  // A loop that ends one too early, or one block.
  [/^(\s*for \([^;]*; \w+ <) (\w+); (\w+) \+= (\d+)/, '$1 $2 - $4; $3 += $4'],
  [/^(\s*for \([^;]*; \w+ <) (\w+);/, '$1 $2 - 1;'],
  // A condition turned round.
  [/ > 0/, ' < 0'],
  [/ === /, ' !== '],
  [/ !== /, ' === '],
  [/\(!(\w+)\)/, '($1)'],
];

/** A statement that is a call or an assignment and has no operator: the mutant leaves it out. */
const STATEMENT = /^(\s*(?:if \(\w+\) |else )?)(?!let |const |return )(?:[\w.?[\]]+ = [^;]+|[\w.?]+\(.*\));$/;

/** One mutant for every line of arithmetic of the named functions (or methods) of src/`file`. */
export function mutantsOf(file: string, functions: readonly string[]): Mutant[] {
  const lines = readSource(file).split('\n');
  return functions.flatMap((name) =>
    bodyOf(file, lines, name).flatMap((index) => {
      const before = lines[index];
      const after = mutateLine(before);
      if (after === null) return [];
      const text = lines.with(index, after).join('\n');
      return [{ file, line: index + 1, before: before.trim(), after: after.trim(), text }];
    }),
  );
}

/** A mutant written by hand: `before` must be in the file once. */
export function mutant(file: string, before: string, after: string): Mutant {
  const source = readSource(file);
  const at = source.indexOf(before);
  if (at < 0 || source.indexOf(before, at + 1) >= 0) {
    throw new Error(`mutant: text must stand once in src/${file}: ${before}`);
  }
  const line = source.slice(0, at).split('\n').length;
  return { file, line, before, after, text: source.replace(before, () => after) };
}

function mutateLine(line: string): string | null {
  const code = line.replace(/\s*\/\/.*$/, '');
  if (/^\s*[})]/.test(code)) return null;
  // A loop of one line: what it repeats.
  const [, head, body] = /^(\s*for \(.*?\) )([^{]+)$/.exec(code) ?? ['', '', code];
  for (const [pattern, replacement] of RULES) {
    if (pattern.test(body)) return head + body.replace(pattern, replacement);
  }
  return STATEMENT.test(body) ? head + body.replace(STATEMENT, '$1;') : null;
}

/** Indices of the lines of a function's body. */
function bodyOf(file: string, lines: readonly string[], name: string): number[] {
  const asFunction = lines.findIndex((line) => new RegExp(`^(export )?function ${name}\\(`).test(line));
  const asMethod = lines.findIndex((line) => new RegExp(`^ {2}(override )?${name}\\(`).test(line));
  const begin = asFunction >= 0 ? asFunction : asMethod;
  if (begin < 0) throw new Error(`mutantsOf: no function ${name} in src/${file}`);
  const indent = lines[begin].startsWith(' ') ? '  ' : '';
  const open = lines.findIndex((line, i) => i >= begin && line.endsWith('{'));
  const end = lines.findIndex((line, i) => i > open && line === `${indent}}`);
  return Array.from({ length: end - open - 1 }, (_, i) => open + 1 + i);
}
