/** Results as Markdown. */

/**
 * @typedef {object} Group
 * @property {string} title
 * @property {string} unit of the times: `ms a step`
 * @property {readonly import('./interleave.mjs').Row[]} rows
 * @property {string} [note]
 */

/** @param {{parts: readonly {title: string, groups: readonly Group[], text?: string}[]} & Record<string, any>} results */
export function markdown({ date, commit, machine, versions, command, parts, missing }) {
  const lines = [
    `# Benchmark of ${date}`,
    '',
    `- ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGB} GB, ${machine.system}; load at the start ${machine.loadAtStart.toFixed(2)}`,
    `- ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
    `- commit ${commit ?? 'unknown'}; \`${command}\``,
  ];
  if (missing.length > 0) lines.push(`- left out, not installed: ${missing.join(', ')}`);
  lines.push(
    '',
    'Times are medians; a ratio is the median of the ratios of pairs measured next to each other, below 1 is faster.',
  );
  for (const { title, groups, text } of parts) {
    lines.push('', `## ${title}`);
    if (text) lines.push('', text);
    for (const group of groups) lines.push('', ...table(group));
  }
  return `${lines.join('\n')}\n`;
}

/** @param {Group} group */
function table({ title, unit, rows, note }) {
  const references = [...new Set(rows.flatMap(({ ratios }) => Object.keys(ratios)))];
  const extras = [...new Set(rows.flatMap(({ extra }) => Object.keys(extra ?? {})))];
  const head = [title, 'threads', unit, 'best', 'worst', ...references.map((name) => `÷ ${name}`), ...extras];
  const body = rows.map(({ name, threads, ms, ratios, extra }) => [
    name,
    threads,
    digits(ms.median),
    digits(ms.min),
    digits(ms.max),
    ...references.map((reference) => (reference in ratios ? ratios[reference].toFixed(3) : '')),
    ...extras.map((key) => extra?.[key] ?? ''),
  ]);
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...body];
  return [...lines.map((cells) => `| ${cells.join(' | ')} |`), ...(note ? ['', note] : [])];
}

/** Three significant digits are all that such a measurement has. */
const digits = (value) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
