/** Places in the sources where one small mistake can be made, found in TypeScript's syntax tree. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** What an operator may be mistaken for. */
const OPERATORS = new Map([
  ['+', '-'],
  ['-', '+'],
  ['*', '/'],
  ['/', '*'],
  ['%', '*'],
  ['<', '<='],
  ['<=', '<'],
  ['>', '>='],
  ['>=', '>'],
  ['===', '!=='],
  ['!==', '==='],
  ['&&', '||'],
  ['||', '&&'],
  ['+=', '-='],
  ['-=', '+='],
  ['*=', '/='],
  ['/=', '*='],
  ['<<', '>>'],
  ['>>', '<<'],
  ['&', '|'],
  ['|', '&'],
]);

/**
 * @typedef {object} Site
 * @property {string} file path from the root
 * @property {number} line counted from 1
 * @property {number} from
 * @property {number} to the characters from ≤ i < to are replaced …
 * @property {string} text … by these
 * @property {string} before
 */

/**
 * All sites of the files in `folder` for which `wanted` is true, in the order of files and places.
 * @param {string} root
 * @param {string} folder below the root
 * @param {(file: string) => boolean} wanted
 * @returns {Site[]}
 */
export function sitesOf(root, folder, wanted) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => file.endsWith('.ts') && wanted(file))
    .sort()
    .flatMap((file) => sitesOfFile(file, readFileSync(join(root, file), 'utf8')));
}

/**
 * @param {string} file
 * @param {string} source
 * @returns {Site[]}
 */
export function sitesOfFile(file, source) {
  const tree = treeOf(file, source);
  /** @type {Site[]} */
  const sites = [];
  /** @param {ts.Node} node @param {string} text */
  const site = (node, text) => {
    const from = node.getStart(tree);
    const line = tree.getLineAndCharacterOfPosition(from).line + 1;
    sites.push({ file, line, from, to: node.end, text, before: node.getText(tree) });
  };
  /** @param {ts.Node} node */
  const walk = (node) => {
    if (isNoArithmetic(node)) return;
    if (ts.isBinaryExpression(node)) {
      const other = OPERATORS.get(node.operatorToken.getText(tree));
      if (other && !joinsText(node)) site(node.operatorToken, other);
    } else if (ts.isPrefixUnaryExpression(node)) {
      const { operator } = node;
      if (operator === ts.SyntaxKind.ExclamationToken || operator === ts.SyntaxKind.MinusToken) {
        site(node, node.operand.getText(tree));
      }
    } else if (ts.isNumericLiteral(node)) site(node, `(${node.getText(tree)} + 1)`);
    else if (node.kind === ts.SyntaxKind.TrueKeyword) site(node, 'false');
    else if (node.kind === ts.SyntaxKind.FalseKeyword) site(node, 'true');
    else if (ts.isConditionalExpression(node)) {
      const [condition, yes, no] = [node.condition, node.whenTrue, node.whenFalse].map((n) =>
        n.getText(tree),
      );
      site(node, `(${condition} ? ${no} : ${yes})`);
    } else if (ts.isExpressionStatement(node) && isCall(node.expression)) site(node, ';');
    else if (ts.isIfStatement(node)) site(node.expression, 'false');
    ts.forEachChild(node, walk);
  };
  walk(tree);
  return sites;
}

/** @param {string} file @param {string} source */
export function treeOf(file, source) {
  return ts.createSourceFile(file, source, ts.ScriptTarget.ES2023, true);
}

/** Types, imports and messages: a mistake there changes no result. @param {ts.Node} node */
function isNoArithmetic(node) {
  return (
    ts.isTypeNode(node) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isThrowStatement(node)
  );
}

/** @param {ts.Expression} node */
function isCall(node) {
  return ts.isCallExpression(node) || (ts.isAwaitExpression(node) && ts.isCallExpression(node.expression));
}

/** `'a' + b`, which no other operator can stand for. @param {ts.BinaryExpression} node */
function joinsText(node) {
  const isText = (/** @type {ts.Node} */ side) =>
    ts.isStringLiteralLike(side) || ts.isTemplateExpression(side);
  return isText(node.left) || isText(node.right);
}
