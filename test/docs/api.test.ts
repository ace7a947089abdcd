/** The API reference is made of doc comments (`npm run docs:api`), so whatever users can import has one. */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { exported } from './exported.ts';

/** The last comment before a statement. */
const commentOf = (node: ts.Node): string => ts.getJSDocCommentsAndTags(node).at(-1)?.getText() ?? '';

const hasComment = (node: ts.Node): boolean => ts.getJSDocCommentsAndTags(node).length > 0;

/** The types that a declaration names where users see it: not in bodies, nor in what is private. */
function typesNamed(node: ts.Node): string[] {
  const isHidden =
    ts.isBlock(node) ||
    (ts.isClassElement(node) &&
      ((node.name && ts.isPrivateIdentifier(node.name)) ||
        ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private));
  if (isHidden) return [];
  const own =
    ts.isTypeReferenceNode(node) || ts.isExpressionWithTypeArguments(node)
      ? [node.getChildAt(0).getText()]
      : [];
  const below: string[] = [];
  // An initial value may name what it likes.
  ts.forEachChild(node, (child) => {
    const isValue = 'initializer' in node && child === node.initializer && !ts.isArrowFunction(child);
    if (!isValue) below.push(...typesNamed(child));
  });
  return [...own, ...below];
}

/** Whether a file declares the type or imports it from another file of ours. */
function isOurs(type: string, file: ts.SourceFile): boolean {
  return file.statements.some((node) => {
    if (!ts.isImportDeclaration(node)) return (node as ts.DeclarationStatement).name?.getText() === type;
    const bindings = node.importClause?.namedBindings;
    return (
      (node.moduleSpecifier as ts.StringLiteral).text.startsWith('.') &&
      bindings !== undefined &&
      ts.isNamedImports(bindings) &&
      bindings.elements.some(({ name }) => name.text === type)
    );
  });
}

describe('what users can import', () => {
  it('is found', () => {
    const names = exported.map(({ name }) => name);
    for (const name of ['sequential', 'Sequential', 'conv2d', 'Tensor', 'loadMnist', 'fromNdarray'])
      expect(names).toContain(name);
    expect(names.length).toBeGreaterThan(60);
  });

  it('names no type of ours that users can’t import', () => {
    const public_ = new Set(exported.map(({ name }) => name));
    const missing = exported.flatMap(({ name, path, node }) =>
      typesNamed(node)
        .filter((type) => !public_.has(type) && isOurs(type, node.getSourceFile()))
        .map((type) => `${path}: ${name}: ${type}`),
    );
    expect(missing).toEqual([]);
  });

  it('is a function whose comment says first what it does, in words', () => {
    // Of a function's overloads one has the comment.
    const silent = exported.flatMap(({ name, path, node }) => {
      if (ts.isFunctionDeclaration(node) && !hasComment(node)) return [];
      const first = /\/\*\*\s*(?:\*\s)?(?<words>[^\n]*)/.exec(commentOf(node))?.groups?.words ?? '';
      return /^[a-z]/.test(name) && !/^[^@*]{12}/.test(first) ? [`${path}: ${name}: ${first}`] : [];
    });
    expect(silent).toEqual([]);
  });

  it('has options of which each says what it is', () => {
    const silent = exported.flatMap(({ name, path, node }) =>
      ts.isInterfaceDeclaration(node) && name.endsWith('Options')
        ? node.members
            .filter((member) => !hasComment(member))
            .map((member) => `${path}: ${name}.${member.name?.getText()}`)
        : [],
    );
    expect(silent).toEqual([]);
  });

  it('has a doc comment, and on each of its methods if it is a class of ours', () => {
    // Of a function's overloads one has the comment.
    const documented = new Set(exported.filter(({ node }) => hasComment(node)).map(({ name }) => name));
    const undocumented = exported.flatMap(({ name, path, node }) => {
      if (!documented.has(name)) return [`${path}: ${name}`];
      if (!ts.isClassDeclaration(node) || !['Sequential', 'Tensor'].includes(name)) return [];
      return node.members
        .filter(
          (member) => ts.isMethodDeclaration(member) && ts.isIdentifier(member.name) && !hasComment(member),
        )
        .map((member) => `${path}: ${name}.${member.name?.getText()}`);
    });
    expect(undocumented).toEqual([]);
  });
});
