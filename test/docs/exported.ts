/** What users can import, by name, with the statement that declares it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
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

/** Of all entry points; what two of them have comes twice. */
export const exported = typedoc.entryPoints.flatMap(exportsOf);
