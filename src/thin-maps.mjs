/**
 * Part of the build: leaves in the source maps of dist/ what leads to the right line, an eighth of the bytes. tsc maps every
 * token; kept are the first segment of a line of JavaScript and those with which the line of TypeScript changes, without the column
 * there. So stack traces and breakpoints find the same lines, and the whole package stays within its 4 MB. The generated kernels get none:
 * their sources aren't in the package, and vite's server would warn of each.
 *
 *   node src/thin-maps.mjs     after tsc; maps that are thin already stay as they are
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decode, encode } from '@jridgewell/sourcemap-codec';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

for (const name of readdirSync(DIST, { recursive: true })) {
  if (!/\.c?js\.map$/.test(name)) continue;
  if (/\bplain64\b/.test(name)) {
    const script = `${DIST}${name.slice(0, -'.map'.length)}`;
    writeFileSync(script, readFileSync(script, 'utf8').replace(/^\/\/# sourceMappingURL=.*\n?/m, ''));
    rmSync(`${DIST}${name}`);
    continue;
  }
  const text = readFileSync(`${DIST}${name}`, 'utf8');
  const { version, sources, mappings } = JSON.parse(text);
  const thin = JSON.stringify({ version, sources, mappings: encode(decode(mappings).map(thinned)) });
  if (thin !== text) writeFileSync(`${DIST}${name}`, thin);
}

/** A line's segments, [column, source, line, 0], without those that lead to the same line as the one before; the first stands for the whole line. */
function thinned(segments) {
  return segments
    .filter(([, , line], i) => i === 0 || line !== segments[i - 1][2])
    .map(([column, source, line], i) => [i === 0 ? 0 : column, source, line, 0]);
}
