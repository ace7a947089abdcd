/**
 * Part of the build: leaves the doc comments out of the JavaScript of dist/, where they would stand for the third time: the declarations beside it have them,
 * and so have the sources, to which the source maps lead. Half a megabyte of the package. Comments for bundlers stay.
 *
 *   node src/bare-scripts.mjs     after tsc; files that are bare already stay as they are
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decode, encode } from '@jridgewell/sourcemap-codec';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

/** JavaScript with doc comments, of tsc's: it has a map. What other tools made is as they made it. */
const scripts = readdirSync(DIST, { recursive: true })
  .filter((name) => /\.c?js$/.test(name) && existsSync(`${DIST}${name}.map`))
  .map((name) => ({ path: `${DIST}${name}`, text: readFileSync(`${DIST}${name}`, 'utf8') }))
  .filter(({ text }) => /^\s*\/\*\*/m.test(text));

// Where nothing was compiled anew, this isn't waited for.
const ts = scripts.length > 0 ? (await import('typescript')).default : null;

for (const { path, text } of scripts) {
  const dropped = docCommentLines(text);
  const isKept = (_, line) => !dropped.has(line);
  const { mappings, ...rest } = JSON.parse(readFileSync(`${path}.map`, 'utf8'));
  writeFileSync(path, text.split('\n').filter(isKept).join('\n'));
  writeFileSync(
    `${path}.map`,
    JSON.stringify({ ...rest, mappings: encode(decode(mappings).filter(isKept)) }),
  );
}

/** The lines, from 0 on, that hold a doc comment and nothing else. */
function docCommentLines(text) {
  const file = ts.createSourceFile('script.js', text, ts.ScriptTarget.ESNext, false);
  const lines = new Set();
  const visit = (node) => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.pos) ?? []) {
      const [first, last] = [pos, end].map((place) => file.getLineAndCharacterOfPosition(place).line);
      const begin = file.getPositionOfLineAndCharacter(first, 0);
      const isAlone = text.slice(begin, pos).trim() === '' && /^[ \t]*(\r?\n|$)/.test(text.slice(end));
      if (!isAlone || !text.startsWith('/**', pos)) continue;
      for (let line = first; line <= last; line++) lines.add(line);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  visit(file.endOfFileToken);
  return lines;
}
