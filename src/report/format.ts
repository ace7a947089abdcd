/** Numbers as people read them. */

/** `0.42 s`, `12.3 s`, `4 min 05 s`, `1 h 02 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  return formatEta(seconds);
}

/** Whole seconds, for times that are only guessed: `12 s`, `4 min 05 s`, `1 h 02 min`. */
export function formatEta(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${twoDigits(whole % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** Loss and accuracy: `0.1234`. */
export function formatFigure(value: number): string {
  return value.toFixed(4);
}

/** `99.3 %`; never 100.0 % for less than all. */
export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  return `${(percent < 100 ? Math.min(percent, 99.9) : percent).toFixed(1)} %`;
}

/** `5–9` for neighbours, else `1, 3, 7`. */
export function formatDigits(digits: readonly number[]): string {
  const inOrder = digits.length > 2 && digits.every((digit, i) => digit === digits[0] + i);
  return inOrder ? `${digits[0]}–${digits[digits.length - 1]}` : digits.join(', ');
}

/** `1 epoch`, `5 epochs`, `12,231 samples`. */
export function formatCount(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Text broken between words into lines of at most `columns`; a longer word has a line of its own. */
export function wrap(text: string, columns = 80): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= columns) lines[lines.length - 1] += ` ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
