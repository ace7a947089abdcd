/**
 * Messages in another language. They are thrown in English, and here they are known by their text: a line says what stands in the
 * English one, and what in the other. `{}` stands for anything, which stays as it is: names, paths, numbers. What stands for `{*}`
 * is a message or a part of one, and is looked up too.
 */

/** A text in English, and in the other language, with as many `{}` in the same order. */
export type Line = readonly [english: string, translation: string];

/**
 * Lines of a text: an English one, and below it, indented, the other. What begins with # says what follows.
 *
 *     not found: expected {*}
 *       não encontrado: esperado {}
 */
export function linesOf(text: string): readonly Line[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
  return lines.flatMap((english, i) => (i % 2 === 0 ? [[english, lines[i + 1].trimStart()] as const] : []));
}

/** A part of a message: one that a line knows is in the other language, any other as it was. */
export interface Piece {
  readonly text: string;
  readonly isKnown: boolean;
}

interface Found {
  /** Letters of the English text that lines know. */
  readonly known: number;
  readonly pieces: readonly Piece[];
}

interface Pattern {
  readonly literals: readonly string[];
  /** For each hole: whether what stands there is a message too, to be translated. */
  readonly isMessage: readonly boolean[];
  readonly translation: readonly string[];
  readonly known: number;
}

/** Beginnings (`file: layer: …`) and parts (`…; …`) of a message beyond which none are looked for: names may hold such signs. */
const MOST_PARTS = 8;

/**
 * What puts messages into the other language. Of all ways to read a message that one counts by which the most of it is known: as a
 * line, as a line behind `file: `, or as parts with semicolons or line breaks between them.
 */
export function translator(lines: readonly Line[]): (message: string) => readonly Piece[] {
  let patterns: readonly Pattern[] | null = null;
  return (message) => {
    patterns ??= lines.map(patternOf);
    return look(message, patterns, new Map()).pieces;
  };
}

/** The pieces as one text. */
export function textOf(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join('');
}

function patternOf([english, translation]: Line): Pattern {
  const literals = english.split(/\{\*?\}/);
  return {
    literals,
    isMessage: Array.from(english.matchAll(/\{\*?\}/g), ([hole]) => hole === '{*}'),
    translation: translation.split('{}'),
    known: literals.join('').length,
  };
}

function look(message: string, patterns: readonly Pattern[], before: Map<string, Found>): Found {
  const known = before.get(message);
  if (known) return known;
  let best: Found = { known: 0, pieces: [{ text: message, isKnown: false }] };
  const consider = (found: Found): void => {
    if (found.known > best.known) best = found;
  };
  for (const start of beginnings(message)) {
    const rest = message.slice(start);
    const name = start > 0 ? [{ text: message.slice(0, start), isKnown: false }] : [];
    for (const pattern of patterns) {
      const between = match(pattern.literals, rest);
      if (!between) continue;
      const { known, pieces } = filled(pattern, between, patterns, before);
      consider({ known, pieces: [...name, ...pieces] });
    }
  }
  for (const separator of ['\n', '; ']) {
    const parts = message.split(separator);
    if (parts.length === 1 || parts.length > MOST_PARTS) continue;
    const found = parts.map((part) => look(part, patterns, before));
    consider({
      known: found.reduce((sum, { known }) => sum + known, 0),
      pieces: found.flatMap(({ pieces }, i) =>
        i > 0 ? [{ text: separator, isKnown: true }, ...pieces] : pieces,
      ),
    });
  }
  before.set(message, best);
  return best;
}

/** A line's translation, with what stands in its holes. */
function filled(
  { isMessage, translation, known }: Pattern,
  between: readonly string[],
  patterns: readonly Pattern[],
  before: Map<string, Found>,
): Found {
  let sum = known;
  const pieces: Piece[][] = [[{ text: translation[0], isKnown: true }]];
  for (const [i, text] of between.entries()) {
    if (isMessage[i]) {
      const found = look(text, patterns, before);
      sum += found.known;
      pieces.push([...found.pieces]);
    } else pieces.push([{ text, isKnown: false }]);
    pieces.push([{ text: translation[i + 1], isKnown: true }]);
  }
  return { known: sum, pieces: pieces.flat() };
}

/** Where a message may begin: where it does, and behind each `: `. */
function beginnings(message: string): number[] {
  const places = [0];
  for (
    let at = message.indexOf(': ');
    at >= 0 && places.length < MOST_PARTS;
    at = message.indexOf(': ', at + 2)
  ) {
    places.push(at + 2);
  }
  return places;
}

/**
 * What stands between literals that follow one another in a text, from its beginning to its end; null where they don't. Each is taken
 * where it comes first: if any places fit, these do.
 */
function match([first, ...others]: readonly string[], text: string): string[] | null {
  if (!text.startsWith(first)) return null;
  const last = others.pop();
  if (last === undefined) return text === first ? [] : null;
  const end = text.length - last.length;
  const between: string[] = [];
  let at = first.length;
  for (const literal of others) {
    const next = text.indexOf(literal, at);
    if (next < 0) return null;
    between.push(text.slice(at, next));
    at = next + literal.length;
  }
  if (at > end || !text.endsWith(last)) return null;
  between.push(text.slice(at, end));
  return between;
}
