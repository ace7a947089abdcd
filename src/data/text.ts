/** Text out of binary files, and into messages. */

/** A few bytes as the characters of the same codes. */
export function characters(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]);
  return text;
}

/**
 * Text from a file, quoted for a message: escaped, so that it can't break the line or colour the terminal,
 * and cut where it is long.
 */
export function quote(text: string): string {
  const limit = 60;
  return JSON.stringify(text.length > limit ? `${text.slice(0, limit)}…` : text);
}

/** `28×28`, as messages print sizes of images. */
export function dimensions(shape: readonly number[]): string {
  return shape.join('×');
}
