/** HTML that can't be injected into: text becomes markup only by being escaped. */
import { replaceUnshown } from '../../checks/shown.ts';

/** What is HTML already. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may be in a template: text and numbers are escaped, markup goes in as it is, null leaves nothing. */
export type Piece = string | number | Markup | null | readonly Piece[];

/** A template of HTML or SVG; attributes must be quoted in it. */
export function html(template: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(template.reduce((text, part, i) => text + markupOf(pieces[i - 1] ?? null) + part));
}

function markupOf(piece: Piece): string {
  if (piece === null) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(markupOf).join('');
  return escapeHtml(String(piece));
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML shows it, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return replaceUnshown(text, () => '\ufffd').replace(/[&<>"']/g, (character) => ESCAPES[character]);
}
