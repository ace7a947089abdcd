/**
 * Part of the build: leaves in the source maps of dist/ what leads to the right line, an eighth of the bytes. tsc maps every
 * token; kept are the first segment of a line of JavaScript and those with which the line of TypeScript changes, so that stack
 * traces and breakpoints find the same lines, and the whole package stays within its 5 MB.
 *
 * The format: https://tc39.es/ecma426/ (lines between semicolons, segments between commas, each of differences in Base64 VLQ).
 *
 *   node src/thin-maps.mjs     after tsc; maps that are thin already stay as they are
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

for (const name of readdirSync(DIST, { recursive: true })) {
  if (!name.endsWith('.js.map')) continue;
  const text = readFileSync(`${DIST}${name}`, 'utf8');
  const { version, file, sources, names, mappings } = JSON.parse(text);
  // tsc writes a list of names, even where it is empty; thin maps have none.
  if (names === undefined) continue;
  writeFileSync(`${DIST}${name}`, JSON.stringify({ version, file, sources, mappings: thin(mappings) }));
}

/** The mappings without the segments that lead to the same line as the one before them. */
function thin(mappings) {
  const at = { source: 0, line: 0, column: 0 };
  let kept = { ...at };
  return mappings
    .split(';')
    .map((line) => {
      const segments = [];
      let generated = 0;
      let keptGenerated = 0;
      for (const segment of line === '' ? [] : line.split(',')) {
        const [along, source, down, across] = decode(segment);
        generated += along;
        if (source === undefined) continue; // leads nowhere
        at.source += source;
        at.line += down;
        at.column += across;
        if (segments.length > 0 && at.line === kept.line && at.source === kept.source) continue;
        segments.push(
          [generated - keptGenerated, at.source - kept.source, at.line - kept.line, at.column - kept.column]
            .map(encode)
            .join(''),
        );
        keptGenerated = generated;
        kept = { ...at };
      }
      return segments.join(',');
    })
    .join(';');
}

/** The numbers of a segment: five bits a digit, the lowest first; bit 5: more follow; the lowest bit of all: the sign. */
function decode(segment) {
  const numbers = [];
  let value = 0;
  let shift = 0;
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit);
    value += (bits & 31) << shift;
    shift += 5;
    if (bits & 32) continue;
    numbers.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return numbers;
}

function encode(number) {
  let rest = number < 0 ? (-number << 1) | 1 : number << 1;
  let text = '';
  do {
    const bits = rest & 31;
    rest >>= 5;
    text += DIGITS[rest > 0 ? bits | 32 : bits];
  } while (rest > 0);
  return text;
}
