/**
 * The messages that the sources can say: every text that ends in an error, or in a warning on a terminal, with `⟨⟩` in the place of what
 * isn't known before it runs. Read from the syntax alone, by the names of functions: a function whose parameter ends in an error's
 * message is one that says what it is handed; `refuse(file, 'too long')` is then a message too.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Stands for what is only known when the program runs. */
export const HOLE = '⟨⟩';

/** A message, and where it is said. */
export interface Spoken {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

/** What says its argument at this place. Of errors of files the first is the file. */
const ERRORS: Readonly<Record<string, number>> = { FormatError: 1, DataError: 1 };

/** Alternatives of one message beyond which each part's are only tried once. */
const MOST = 16;

type Function =
  | ts.FunctionDeclaration
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.ArrowFunction
  | ts.FunctionExpression;

const source = fileURLToPath(new URL('../../src/', import.meta.url));

const parsed = new Map<string, ts.SourceFile>();

/** The syntax of a file, read once: the messages and all texts are looked for in the same files. */
function parse(path: string): ts.SourceFile {
  const before = parsed.get(path);
  if (before) return before;
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ESNext, true);
  parsed.set(path, file);
  return file;
}

/** All messages of the library and the command line. */
export function spokenMessages(): Spoken[] {
  const paths = (readdirSync(source, { recursive: true, encoding: 'utf8' }) as string[])
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .filter(
      (path) => !/^(page|report|kernels\/(plain|plain64|simd|long|groups)|optimizers|metrics)\//.test(path),
    );
  const files = paths.map((path) => parse(source + path));
  const sayers = findSayers(files);
  return files.flatMap((file) => messagesOf(file, sayers));
}

/** Every text of these files, said or not: strings, templates and their sums, with each of their alternatives. */
export function textsOf(paths: readonly string[]): string[] {
  const texts = paths.flatMap((path) => {
    const found: string[] = [];
    const visit = (node: ts.Node): void => {
      const isSum = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
      if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || isSum) {
        found.push(...alternatives(node as ts.Expression, 0));
      }
      ts.forEachChild(node, visit);
    };
    visit(parse(path));
    return found;
  });
  return [...new Set(texts)].filter((text) => /[a-z]{2}/i.test(text));
}

/** Which arguments functions say, by their names; of `f.g`, those that f's parameter g is handed. */
type Sayers = Map<string, Set<number>>;

function findSayers(files: readonly ts.SourceFile[]): Sayers {
  const sayers: Sayers = new Map([['field', new Set([2])]]); // what fields of a file must be: formats/fields.ts
  const all = files.flatMap(callsOf);
  for (let before = -1; before < count(sayers); ) {
    before = count(sayers);
    for (const call of all) {
      for (const said of saidBy(call, sayers)) {
        for (const name of namesIn(said)) {
          const home = homeOf(name);
          if (home) add(sayers, home.names, home.place);
        }
      }
      // A function that says what it is handed is handed on: what calls it by its parameter's name says that too.
      call.arguments?.forEach((argument, i) => {
        const own = ts.isArrowFunction(argument) || ts.isFunctionExpression(argument) ? argument : null;
        const name = nameOfCalled(call);
        if (!own || name === null) return;
        for (const place of placesSaid(own, sayers)) add(sayers, [`${name}#${i}`], place);
      });
    }
  }
  return sayers;
}

const count = (sayers: Sayers): number => [...sayers.values()].reduce((sum, places) => sum + places.size, 0);

function add(sayers: Sayers, names: readonly string[], place: number): void {
  for (const name of names) sayers.set(name, (sayers.get(name) ?? new Set()).add(place));
}

type Call = ts.CallExpression | ts.NewExpression;

const calls = new WeakMap<ts.Node, Call[]>();

function callsOf(node: ts.Node): readonly Call[] {
  const before = calls.get(node);
  if (before) return before;
  const found: Call[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isCallExpression(child) || ts.isNewExpression(child)) found.push(child);
    ts.forEachChild(child, visit);
  };
  visit(node);
  calls.set(node, found);
  return found;
}

function nameOfCalled(call: Call): string | null {
  const { expression } = call;
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return expression.kind === ts.SyntaxKind.SuperKeyword ? 'super' : null;
}

/** The arguments of a call that are said. */
function saidBy(call: Call, sayers: Sayers): ts.Expression[] {
  const name = nameOfCalled(call);
  if (name === null || !call.arguments) return [];
  const given = call.arguments;
  if (ts.isNewExpression(call) && /Error$/.test(name)) {
    const said = given[ERRORS[name] ?? 0];
    return said ? [said] : [];
  }
  if (name === 'warn' && given[0]) return [given[0]];
  const places = [...(sayers.get(name) ?? [])];
  // By the parameter of the function around it, if it is one.
  const home = ts.isIdentifier(call.expression) ? homeOf(call.expression) : null;
  for (const around of home?.names ?? []) places.push(...(sayers.get(`${around}#${home?.place}`) ?? []));
  return places.flatMap((place) => given[place] ?? []);
}

/** Places of a function's parameters that it says itself. */
function placesSaid(own: Function, sayers: Sayers): number[] {
  const inside = callsOf(own).flatMap((call) => saidBy(call, sayers));
  const names = new Set(inside.flatMap(namesIn).map(({ text }) => text));
  return own.parameters.flatMap(({ name }, i) => (ts.isIdentifier(name) && names.has(name.text) ? [i] : []));
}

/** Names whose value is in what an expression says: not those of conditions, or of calls' arguments. */
function namesIn(expression: ts.Expression): ts.Identifier[] {
  if (ts.isIdentifier(expression)) return [expression];
  if (ts.isTemplateExpression(expression)) {
    return expression.templateSpans.flatMap((span) => namesIn(span.expression));
  }
  if (ts.isConditionalExpression(expression)) {
    return [...namesIn(expression.whenTrue), ...namesIn(expression.whenFalse)];
  }
  if (ts.isBinaryExpression(expression)) return [...namesIn(expression.left), ...namesIn(expression.right)];
  if (ts.isParenthesizedExpression(expression)) return namesIn(expression.expression);
  // new Error(oneLine(text))
  if (ts.isCallExpression(expression) && nameOfCalled(expression) === 'oneLine') {
    return expression.arguments.flatMap(namesIn);
  }
  return [];
}

interface Home {
  readonly names: readonly string[];
  readonly place: number;
}

const homes = new WeakMap<ts.Identifier, Home | null>();

/** The function whose parameter an identifier is, with the names that it is called by. Asked again in each round of findSayers. */
function homeOf(name: ts.Identifier): Home | null {
  const known = homes.get(name);
  if (known !== undefined) return known;
  const home = findHome(name);
  homes.set(name, home);
  return home;
}

function findHome(name: ts.Identifier): Home | null {
  for (let node: ts.Node = name.parent; node; node = node.parent) {
    if (!isFunction(node)) continue;
    const place = node.parameters.findIndex(
      (parameter) => ts.isIdentifier(parameter.name) && parameter.name.text === name.text,
    );
    if (place >= 0) {
      // Only texts are said: numbers and shapes in a message are no messages.
      const type = node.parameters[place].type;
      const isText = !type || /\bstring\b|Error|=>/.test(type.getText());
      return isText ? { names: namesOf(node), place } : null;
    }
    if (declares(node, name.text)) return null;
  }
  return null;
}

const isFunction = (node: ts.Node): node is Function =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isConstructorDeclaration(node) ||
  ts.isArrowFunction(node) ||
  ts.isFunctionExpression(node);

function namesOf(node: Function): string[] {
  if (ts.isConstructorDeclaration(node)) return [node.parent.name?.text ?? ''];
  if (node.name) return [node.name.getText()];
  const { parent } = node;
  return (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)) && ts.isIdentifier(parent.name)
    ? [parent.name.text]
    : [];
}

const declares = (node: ts.Node, name: string): boolean => declarationIn(node, name) !== null;

const declarations = new WeakMap<ts.Node, ReadonlyMap<string, ts.VariableDeclaration>>();

/** The declaration of a constant within a function or a file. */
function declarationIn(node: ts.Node, name: string): ts.VariableDeclaration | null {
  let found = declarations.get(node);
  if (!found) {
    const all = new Map<string, ts.VariableDeclaration>();
    const visit = (child: ts.Node): void => {
      if (ts.isVariableDeclaration(child) && ts.isIdentifier(child.name) && !all.has(child.name.text)) {
        all.set(child.name.text, child);
      }
      ts.forEachChild(child, visit);
    };
    ts.forEachChild(node, visit);
    declarations.set(node, all);
    found = all;
  }
  return found.get(name) ?? null;
}

function messagesOf(file: ts.SourceFile, sayers: Sayers): Spoken[] {
  return callsOf(file).flatMap((call) =>
    saidBy(call, sayers).flatMap((said) => {
      const { line } = file.getLineAndCharacterOfPosition(said.getStart());
      return alternatives(said, 0)
        .filter((text) => /[a-z]{2}/i.test(text))
        .map((text) => ({ text, file: file.fileName.slice(source.length), line: line + 1 }));
    }),
  );
}

/** What an expression may say. */
function alternatives(expression: ts.Expression, depth: number): string[] {
  if (depth > 12) return [HOLE];
  const deeper = (inner: ts.Expression): string[] => alternatives(inner, depth + 1);
  if (ts.isStringLiteralLike(expression)) return [expression.text];
  if (ts.isParenthesizedExpression(expression) || ts.isAsExpression(expression))
    return deeper(expression.expression);
  if (ts.isTemplateExpression(expression)) {
    const parts = expression.templateSpans.map(({ expression: inner, literal }) => {
      return deeper(inner).map((text) => text + literal.text);
    });
    return product([[expression.head.text], ...parts]);
  }
  if (ts.isConditionalExpression(expression)) {
    return [...deeper(expression.whenTrue), ...deeper(expression.whenFalse)];
  }
  if (ts.isBinaryExpression(expression)) {
    const { left, right, operatorToken } = expression;
    if (operatorToken.kind === ts.SyntaxKind.PlusToken) return product([deeper(left), deeper(right)]);
    if (operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return ['', ...deeper(right)];
    if ([ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(operatorToken.kind)) {
      return [...deeper(left), ...deeper(right)];
    }
  }
  if (ts.isIdentifier(expression)) return ofName(expression, depth);
  if (ts.isCallExpression(expression) && ts.isIdentifier(expression.expression)) {
    return ofCall(expression.expression, depth);
  }
  return [HOLE];
}

/** Of a constant what it is made of. */
function ofName(name: ts.Identifier, depth: number): string[] {
  for (let node: ts.Node = name.parent; node; node = node.parent) {
    if (!isFunction(node) && !ts.isSourceFile(node)) continue;
    if (isFunction(node) && node.parameters.some((parameter) => parameter.name.getText() === name.text))
      break;
    const declaration = declarationIn(node, name.text);
    if (!declaration?.initializer) continue;
    return spoken(alternatives(declaration.initializer, depth + 1));
  }
  return [HOLE];
}

/** Of a function of this file what it returns. */
function ofCall(name: ts.Identifier, depth: number): string[] {
  const found = name
    .getSourceFile()
    .statements.find((node) => ts.isFunctionDeclaration(node) && node.name?.text === name.text);
  if (!found || !ts.isFunctionDeclaration(found) || !found.body) return [HOLE];
  const returned: string[] = [];
  const visit = (child: ts.Node): void => {
    if (isFunction(child)) return;
    if (ts.isReturnStatement(child) && child.expression)
      returned.push(...alternatives(child.expression, depth + 1));
    ts.forEachChild(child, visit);
  };
  visit(found.body);
  return spoken(returned);
}

/** Texts that have words; a hole for those that have none. */
function spoken(texts: readonly string[]): string[] {
  const found = [...new Set(texts)];
  return found.some((text) => /[a-z]{2}/i.test(text)) ? found : [HOLE];
}

/** Each part's alternatives with each other's; of many, each part's by themselves. */
function product(parts: readonly (readonly string[])[]): string[] {
  const all = parts.reduce((product, part) => product * part.length, 1);
  if (all <= MOST) {
    return parts.reduce<string[]>(
      (texts, part) => texts.flatMap((text) => part.map((next) => text + next)),
      [''],
    );
  }
  return parts.flatMap((part, i) =>
    part.map((text) => parts.map((other, j) => (i === j ? text : other[0])).join('')),
  );
}
