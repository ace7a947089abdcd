/** The API reference is made of doc comments (`npm run docs:api`), so whatever users can import has one. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import typedoc from '../../typedoc.json' with { type: 'json' };
import { ROOT } from './pages.ts';

const parse = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readFileSync(`${ROOT}${path}`, 'utf8'), ts.ScriptTarget.ES2023, true);

/** The names that a file exports, each with the statement that declares it and that one's file. */
function exportsOf(path: string): { name: string; path: string; node: ts.Statement }[] {
  const { statements } = parse(path);
  return statements.flatMap((node) => {
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      const from = join(dirname(path), (node.moduleSpecifier as ts.StringLiteral).text);
      const there = exportsOf(from);
      if (!node.exportClause) return there;
      const names = (node.exportClause as ts.NamedExports).elements.map(
        ({ name, propertyName }) => propertyName?.text ?? name.text,
      );
      return there.filter(({ name }) => names.includes(name));
    }
    const isExported =
      ts.canHaveModifiers(node) &&
      ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) return [];
    const declared = ts.isVariableStatement(node)
      ? node.declarationList.declarations.map(({ name }) => name)
      : [(node as ts.DeclarationStatement).name];
    return declared.map((name) => ({ name: name?.getText() ?? '', path, node }));
  });
}

const hasComment = (node: ts.Node): boolean => ts.getJSDocCommentsAndTags(node).length > 0;

const exported = typedoc.entryPoints.flatMap(exportsOf);

describe('what users can import', () => {
  it('is found', () => {
    const names = exported.map(({ name }) => name);
    for (const name of ['sequential', 'Sequential', 'conv2d', 'Tensor', 'loadMnist', 'fromNdarray'])
      expect(names).toContain(name);
    expect(names.length).toBeGreaterThan(60);
  });

  it('has a doc comment if it is a function, and on each of its methods if it is a class of ours', () => {
    // Of a function's overloads one has the comment.
    const documented = new Set(exported.filter(({ node }) => hasComment(node)).map(({ name }) => name));
    const undocumented = exported.flatMap(({ name, path, node }) => {
      if (ts.isFunctionDeclaration(node) || ts.isVariableStatement(node))
        return documented.has(name) ? [] : [`${path}: ${name}`];
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
