/**
 * Text from anywhere, as it may be shown: names in models and data sets, versions, paths. A terminal obeys control
 * characters (it moves, colours, renames its window, or types for its user), and marks of direction turn a line's end to
 * its beginning, so that it says something else. Every string of a file goes through here before anyone sees it.
 */

/**
 * Control characters, C0 and C1; separators of lines and paragraphs; marks of direction; halves of surrogate pairs; the
 * byte-order mark, annotations and tags, which nobody sees. Source: Unicode Standard Annexes 9 and 44.
 */
const UNSHOWN = '\\p{Cc}\\p{Zl}\\p{Zp}\\p{Bidi_Control}\\p{Cs}\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}';
const RUN = new RegExp(`[${UNSHOWN}]+`, 'gu');
const SINGLE_WITHIN_LINES = new RegExp(`(?!\\n)[${UNSHOWN}]`, 'gu');

/** The text on one line: what isn't to be shown becomes a space. */
export function shown(text: string): string {
  return text.replace(RUN, ' ');
}

/** Text of several lines with a stand-in for each such character. */
export function replaceUnshown(text: string, standIn: (character: string) => string): string {
  return text.replace(SINGLE_WITHIN_LINES, standIn);
}

/** Text of several lines in which what isn't to be shown stands by its number, `\u001b`: JSON keeps its value so. */
export function escapeUnshown(text: string): string {
  return replaceUnshown(text, (character) =>
    Array.from({ length: character.length }, (_, i) => {
      return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}
