/** Numbers as people read them, in the manner of a language; `locale` is for Intl: `en`, `pt-BR`. */

/** `0.42 s`, `12.3 s`, `4 min 05 s`, `1 h 02 min`. */
export function formatDuration(seconds: number, locale = 'en'): string {
  if (seconds < 9.995) return `${formatDecimal(seconds, 2, locale)} s`;
  if (seconds < 59.95) return `${formatDecimal(seconds, 1, locale)} s`;
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
export function formatFigure(value: number, locale = 'en'): string {
  return formatDecimal(value, 4, locale);
}

/** `99.3 %`; never 100.0 % for less than all. */
export function formatPercent(fraction: number, locale = 'en'): string {
  const percent = fraction * 100;
  return `${formatDecimal(percent < 100 ? Math.min(percent, 99.9) : percent, 1, locale)} %`;
}

/** `600,165` */
export function formatInteger(value: number, locale = 'en'): string {
  return formatDecimal(value, 0, locale);
}

/** With just so many decimals; numbers that would fill a line get an exponent. */
export function formatDecimal(value: number, decimals: number, locale = 'en'): string {
  if (Math.abs(value) >= LONG) return value.toExponential(1);
  return numberFormat(locale, decimals).format(value);
}

/** A number as short as it is: `0.001`, `1024`; for options, which aren't grouped. */
export function formatOption(value: number, locale = 'en'): string {
  const size = Math.abs(value);
  if (size >= LONG || (size > 0 && size < SHORT)) return String(value);
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 17, useGrouping: false }).format(value);
}

/** `5–9` for neighbours, else `1, 3, 7`. */
export function formatDigits(digits: readonly number[]): string {
  const inOrder = digits.length > 2 && digits.every((digit, i) => digit === digits[0] + i);
  return inOrder ? `${digits[0]}–${digits[digits.length - 1]}` : digits.join(', ');
}

/** Numbers as formatDigits shows them, names one after another. */
export function formatClasses(classes: readonly (number | string)[]): string {
  const isNumbers = (list: readonly (number | string)[]): list is readonly number[] =>
    list.every((label) => typeof label === 'number');
  return isNumbers(classes) ? formatDigits(classes) : classes.join(', ');
}

/** From here on, and below the other, digits say less than an exponent. */
const LONG = 1e12;
const SHORT = 1e-6;

/** Making one takes a thousand times as long as using it. */
const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, decimals: number): Intl.NumberFormat {
  const key = `${locale} ${decimals}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  return format;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
