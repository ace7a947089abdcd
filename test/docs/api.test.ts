/** The API reference is made of doc comments (`npm run docs:api`), so whatever users can import has one. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as library from '../../src/index.ts';
import typedoc from '../../typedoc.json' with { type: 'json' };
import { ROOT } from './pages.ts';

const parsed = new Map<string, ts.SourceFile>();
function parse(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known) return known;
  const text = readFileSync(`${ROOT}${path}`, 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  parsed.set(path, file);
  return file;
}

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

const exported = typedoc.entryPoints.flatMap(exportsOf);

/** `conv2d({ … }) // [28, 28, 1] → [26, 26, 32]`, in a comment. */
const EXAMPLE = /^ \* {3}(?<call>\w+\(.*\)) \/\/ \[(?<input>[\d, ]+)\] → \[(?<output>[\d, ]+)\]$/m;

/** They take several inputs: their comments show how they are applied. */
const SEVERAL = ['add', 'average', 'concatenate', 'maximum', 'minimum', 'multiply', 'subtract'];

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

  describe('layers', () => {
    const layers = exported.filter(({ path, name, node }) => {
      const isMaker = path.startsWith('src/layers/') && /= unary\(/.test(node.getText());
      return isMaker && !SEVERAL.includes(name) && !/^l1|^l2|^input$/.test(name);
    });

    it('are found', () => {
      expect(layers.length).toBeGreaterThan(35);
    });

    it.each(layers.map(({ name, node }) => [name, node] as const))(
      '%s has an example, which gives the shape that it says',
      (name, node) => {
        const comment = node.getFullText();
        const { call, input, output } = EXAMPLE.exec(comment)?.groups ?? {};
        expect(call, `an example in the comment of ${name}`).toMatch(new RegExp(`^${name}\\(`));
        const made = new Function('library', `with (library) return ${call}`)({ ...library });
        const numbers = (shape: string): number[] => shape.split(', ').map(Number);
        made.build(numbers(input));
        expect(made.outputShape).toEqual(numbers(output));
      },
    );
  });
});
