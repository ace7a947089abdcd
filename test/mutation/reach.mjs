/** Which tests could notice a mistake: those that come by its place, the nearest first. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { treeOf } from './sites.mjs';

/** What runs the built package, child processes or pages: a mistake in the sources never gets there. */
export const ELSEWHERE =
  /^test\/(package|docs|engines|soak|mutants|script|house|cli\/exits\.|page\/(browser|firefox)|report\/html\/browser)/;

/**
 * Changes of the sources that note which of the sites a test comes by: site i's block, when it is entered, puts
 * `degeloReached[i]`. What is in no function is reached by whoever loads the file.
 * @param {string} root
 * @param {import('./sites.mjs').Site[]} sites
 * @returns {import('./vitest.config.ts').Wanted['changes']}
 */
export function counters(root, sites) {
  const files = [...new Set(sites.map(({ file }) => file))];
  const trees = new Map(files.map((file) => [file, treeOf(file, readFileSync(join(root, file), 'utf8'))]));
  return sites.flatMap(({ file, from, to }, i) => {
    const tree = /** @type {ts.SourceFile} */ (trees.get(file));
    const block = blockAround(tree, from, to);
    const count = `(globalThis.degeloReached ??= [])[${i}] = true`;
    const put = (/** @type {number} */ at, /** @type {string} */ text) => ({ file, from: at, to: at, text });
    if (ts.isSourceFile(block)) return [put(tree.end, `\n;${count};`)];
    if (ts.isBlock(block)) return [put(block.getStart() + 1, `${count};`)];
    return [put(block.getStart(), `(${count}, `), put(block.end, ')')]; // the value of an arrow function
  });
}

/**
 * The smallest block, or value of an arrow function, that is entered before anything between two characters is calculated.
 * @param {ts.SourceFile} tree
 * @param {number} from
 * @param {number} to
 * @returns {ts.Node}
 */
function blockAround(tree, from, to) {
  /** @type {ts.Node} */
  let found = tree;
  /** @param {ts.Node} node */
  const walk = (node) => {
    if (node.getStart() > from || node.end < to) return;
    if (ts.isBlock(node) || isValue(node)) found = node;
    // Defaults of arguments are outside of the function's block, which is entered after them.
    if (ts.isParameter(node) && isBody(node.parent)) found = node.parent.body;
    ts.forEachChild(node, walk);
  };
  walk(tree);
  return found;
}

/** @param {ts.Node} node */
function isValue(node) {
  return ts.isArrowFunction(node.parent ?? node) && node.parent.body === node && !ts.isBlock(node);
}

/** @param {ts.Node} node @returns {node is ts.FunctionLikeDeclaration & { body: ts.Node }} */
function isBody(node) {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

/**
 * The tests that could notice a mistake, the likely and the cheap first. What a process does once (loading a file, making
 * WebAssembly) is counted for the first test alone, so those in the folder of the same name are tried too.
 * @param {import('./tests.mjs').Seen[]} seen
 * @param {number} site its place in the list that was counted
 * @param {string} file
 * @param {string[]} killers tests that noticed other mistakes in the file: they come before all others
 */
export function testsFor(seen, site, file, killers) {
  const [, floor] = file.split('/');
  const rank = (/** @type {import('./tests.mjs').Seen} */ { test, reached }) => {
    if (killers.includes(test)) return 0;
    if (basename(test, '.test.ts') === basename(file, '.ts')) return 1;
    if (reached.includes(site)) return test.startsWith(`test/${floor}/`) ? 2 : 3;
    return test.startsWith(`test/${floor}/`) ? 4 : 5;
  };
  return seen
    .filter((each) => each.passed && rank(each) < 5)
    .sort((a, b) => rank(a) - rank(b) || a.seconds - b.seconds);
}
