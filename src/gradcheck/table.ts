/** Gradient reports as a table for people. */
import { describe } from '../checks/describe.ts';
import { noMoreArguments } from '../checks/options.ts';
import { numeric } from '../checks/values.ts';
import { maximum } from '../tensor/maximum.ts';
import type { GradientReport, GradientRow } from './check.ts';

const HEADER = ['variable', 'checked', 'gradient', 'worst', 'at', 'median', 'float32', ''];
const RESULTS = { pass: 'pass', zero: 'zero', fail: 'FAIL', undecided: 'UNDECIDED' } as const;

/** Puts a text into another language. */
export type Say = (english: string) => string;
const inEnglish: Say = (english) => english;

/** Columns that can be missed, the first of them most easily. */
const OPTIONAL = ['median', 'float32', 'at', 'checked', 'worst', 'gradient'].map((name) =>
  HEADER.indexOf(name),
);
const GRADIENT = HEADER.indexOf('gradient');

/**
 * One line a variable, under a line for each check. `gradient`: relative error of the whole gradient; `worst`, `at`, `median`: of
 * single coordinates; `float32`: the gradient's distance in float32.
 *
 *     console.log(formatGradients([checkGradients(model)]));
 *
 * @param columns of the terminal: where it is narrow, columns of the table are left out. Default: no limit.
 */
export function formatGradients(reports: readonly GradientReport[], columns = Infinity): string {
  noMoreArguments('formatGradients', arguments, 2);
  if (!Array.isArray(reports)) {
    const right = 'formatGradients([report])';
    throw new TypeError(`formatGradients: reports must be an array, got ${describe(reports)}: ${right}`);
  }
  for (const [i, report] of reports.entries()) {
    if (!Array.isArray(report?.rows)) {
      throw new TypeError(
        `formatGradients: reports[${i}] must be a report, as checkGradients gives it, got ${describe(report)}`,
      );
    }
  }
  numeric('formatGradients', 'columns', columns);
  return gradientTable(reports, columns, inEnglish);
}

/** The same in any language, of what is known to be reports. */
export function gradientTable(reports: readonly GradientReport[], columns: number, say: Say): string {
  const header = HEADER.map(say);
  const blocks = reports.map((report) => report.rows.map((row) => cells(row, say)));
  const widths = header.map((title, column) =>
    maximum(
      blocks.flat().map((row) => row[column].length),
      title.length,
    ),
  );
  let kept = HEADER.map((_, column) => column);
  for (const column of OPTIONAL) {
    if (kept.reduce((sum, c) => sum + widths[c] + 2, 0) <= columns) break;
    kept = kept.filter((other) => other !== column);
  }
  // Without that figure the table would say nothing: each row then takes two lines.
  if (!kept.includes(GRADIENT)) return formatAsList(reports, say);
  const line = (row: readonly string[]): string =>
    `  ${kept.map((column) => row[column].padEnd(widths[column])).join('  ')}`.trimEnd();
  const lines = [line(header)];
  for (const [i, { name, loss, samples }] of reports.entries()) {
    lines.push(`${name} (${loss}, ${say(samples === 1 ? '1 sample' : `${samples} samples`)})`);
    for (const row of blocks[i]) lines.push(line(row));
  }
  return lines.join('\n');
}

/** A variable, and on the next line its figures and the verdict. */
function formatAsList(reports: readonly GradientReport[], say: Say): string {
  const lines = reports.flatMap(({ name, loss, rows }) => [
    `${name} (${loss})`,
    ...rows
      .map((row) => cells(row, say))
      .map((row) => `  ${row[0]}\n    ${say(HEADER[GRADIENT])} ${row[GRADIENT]}: ${row.at(-1)}`),
  ]);
  return lines.join('\n');
}

/** One line on all of them. @param locale how numbers are written */
export function summarizeGradients(
  reports: readonly GradientReport[],
  say: Say = inEnglish,
  locale = 'en',
): string {
  const rows = reports.flatMap((report) => report.rows);
  const count = (value: (row: GradientRow) => number): string =>
    rows.reduce((sum, row) => sum + value(row), 0).toLocaleString(locale);
  const bad = rows.filter(({ result }) => result !== 'pass' && result !== 'zero').length;
  return say(
    `${bad === 0 ? `All ${rows.length} gradients pass` : `${bad} of ${rows.length} gradients do not pass`}: ` +
      `${count(({ decided }) => decided)} comparisons, ` +
      `${count(({ undecided }) => undecided)} undecided (both values below the noise), ` +
      `${count(({ kinks }) => kinks)} on kinks.`,
  );
}

function cells(row: GradientRow, say: Say): string[] {
  const { worst, median, coordinates, elements, directions } = row;
  const some = coordinates === elements ? `all ${elements}` : `${coordinates} of ${elements}`;
  const notes = [
    row.undecided > 0 ? `${row.undecided} undecided` : '',
    row.kinks > 0 ? `${row.kinks} on kinks${row.kinkAt ? `, first at [${row.kinkAt}]` : ''}` : '',
  ].filter(Boolean);
  return [
    `${row.layer} / ${row.variable}`,
    say(directions > 0 ? `${some}, ${directions} directions` : some),
    scientific(row.gradient),
    worst ? scientific(worst.error) : '–',
    worst ? (worst.at ? `[${worst.at}]` : say('direction')) : '–',
    median === null ? '–' : scientific(median),
    row.float32 === null ? '–' : scientific(row.float32),
    [RESULTS[row.result], ...notes].map(say).join(', '),
  ];
}

function scientific(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
}
