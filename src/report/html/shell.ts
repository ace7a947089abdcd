/**
 * What every report's page is within: one HTML file that needs nothing else: no script, no network, images within it. Its
 * content-security policy allows its own style sheet by hash, images in the file, and nothing more; so even markup that should
 * slip through the escaping could load and run nothing.
 */
import { createHash } from 'node:crypto';
import type { Messages } from '../messages.ts';
import { shellQuote } from '../shell.ts';
import { html, Markup } from './markup.ts';
import { STYLE } from './style.ts';

const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export interface Section {
  readonly id: string;
  readonly heading: string;
  readonly content: Markup;
}

/** A page's parts. */
export interface Page {
  readonly title: string;
  /** Between the title and the contents. */
  readonly lead: Markup | null;
  readonly sections: readonly Section[];
}

export function shell({ title, lead, sections }: Page, { locale, page }: Messages): string {
  const markup = html`<!DOCTYPE html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="degelo">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header><h1>${title}</h1>
${lead}
<nav aria-label="${page.contents}"><ul>${sections.map(({ id, heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav></header>
<main>
${sections.map(({ id, heading, content }) => html`<section id="${id}" aria-labelledby="${id}-h"><h2 id="${id}-h">${heading}</h2>\n${content}</section>\n`)}</main>
</body>
</html>
`;
  return markup.text;
}

/** Keeps numbers and their units on one line. */
export function unbroken(text: string): string {
  return text.replace(/(\d) (?=(%|s|min|h)(\W|$))/g, '$1\u00a0');
}

/** When it was finished. */
export function subtitle({ finished }: { readonly finished: string }, { locale, page }: Messages): Markup {
  const time = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const text = page.finished(time.format(new Date(finished)));
  return html`<p><small><time datetime="${finished}">${text}</time></small></p>`;
}

/** The command that runs it again, and what will then be the same. */
export function again(
  result: { readonly kernel: string; readonly weights_sha256: string },
  details: { readonly degelo: string; readonly arguments: readonly string[] },
  { page }: Messages,
): Markup {
  const words = ['npx', `degelo@${details.degelo}`, ...details.arguments];
  // One option per line, as a shell reads on after a backslash.
  const lines = words.map((word) => `${word.startsWith('--') ? '\\\n  ' : ''}${shellQuote(word)}`).join(' ');
  return html`<p>${page.againLead}</p><pre><code>${lines}</code></pre>
<p>${result.kernel === 'fma' ? page.againFma : page.againSame(result.weights_sha256)}</p>`;
}
