/** The repository's pages of text, cut into what tests can hold them to: code, commands, links, headings. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What `<!-- test: … -->` before a block asks for; see CONTRIBUTING.md. */
export type Mark =
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'output' }
  | { readonly kind: 'run' }
  | { readonly kind: 'few digits' }
  | { readonly kind: 'from'; readonly file: string };

/** A fenced block. */
export interface Block {
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  readonly mark: Mark | null;
}

export interface Page {
  /** From the root: `docs/notebook.md`. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** The text without fenced blocks. */
  readonly prose: string;
  /** A test of its own runs its programs: docs/NAME.md has test/docs/NAME.test.ts. */
  readonly hasOwnTest: boolean;
}

/** README.md and the other pages at the root, docs/ and the READMEs of folders; not what is generated. */
export const pages: readonly Page[] = [
  ...markdownIn('.', false),
  ...['src', 'bench', 'fixtures'].flatMap((folder) => markdownIn(folder, false)),
  ...markdownIn('docs', true).filter((path) => !path.startsWith('docs/api/')),
].map(readPage);

function markdownIn(folder: string, recursive: boolean): string[] {
  return (readdirSync(`${ROOT}${folder}`, { recursive, encoding: 'utf8' }) as string[])
    .filter((path) => path.endsWith('.md'))
    .map((path) => (folder === '.' ? path : `${folder}/${path}`).replaceAll('\\', '/'))
    .sort();
}

function readPage(path: string): Page {
  const text = readFileSync(`${ROOT}${path}`, 'utf8');
  const { blocks, prose } = parsePage(path, text);
  return {
    path,
    text,
    blocks,
    prose,
    hasOwnTest: existsSync(`${ROOT}test/docs/${basename(path, '.md')}.test.ts`),
  };
}

/** @throws Error for a mark that nobody knows. */
export function parsePage(path: string, text: string): { blocks: Block[]; prose: string } {
  const blocks: Block[] = [];
  const prose: string[] = [];
  const lines = text.split('\n');
  let mark: Mark | null = null;
  for (let i = 0; i < lines.length; i++) {
    const comment = lines[i].match(/^<!-- test: (.*) -->$/);
    const fence = lines[i].match(/^(`{3,})(\S*)/);
    if (comment) {
      mark = parseMark(comment[1], `${path}:${i + 1}`);
    } else if (fence) {
      const line = i + 1;
      const end = lines.indexOf(fence[1], line);
      if (end < 0) throw new Error(`${path}:${line}: the block has no end`);
      blocks.push({ language: fence[2], text: lines.slice(line, end).join('\n'), line, mark });
      mark = null;
      i = end;
    } else {
      prose.push(lines[i]);
      if (mark && lines[i].trim() !== '')
        throw new Error(`${path}:${i + 1}: a mark must stand before a block`);
    }
  }
  return { blocks, prose: prose.join('\n') };
}

function parseMark(text: string, where: string): Mark {
  if (text === 'few digits') return { kind: text };
  const [kind, ...rest] = text.split(' ');
  const argument = rest.join(' ');
  if (kind === 'skip' && argument) return { kind, reason: argument };
  if (kind === 'from' && argument) return { kind, file: argument };
  if ((kind === 'output' || kind === 'run') && !argument) return { kind };
  throw new Error(
    `${where}: unknown mark: expected skip REASON, output, run, few digits or from FILE, got ${text}`,
  );
}

/**
 * What `expected` matches: the same lines, one after the other. … stands for anything within a line, alone for any lines; times (`0.85 s`)
 * are never compared.
 * @param figures whether numbers are
 */
export function outputPattern(expected: string, figures = true): RegExp {
  const lines = expected.split('\n').map((line) => {
    if (line.trim() === '…') return '(?:.*\\n)*?';
    const parts = line.trimEnd().split('…').map(literal);
    const free = figures ? parts : parts.map((part) => part.replace(/\d+(\\\.\d+)?/g, '[\\d.]+'));
    return `${free.join('.*')}[ ]*\\n`;
  });
  return new RegExp(`^${lines.join('')}`, 'm');
}

/** A pattern for the text as it is, except for times, which differ from run to run. */
function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/\d+\\\.\d+(?= m?s\b)/g, '[\\d.]+');
}
