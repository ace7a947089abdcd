/**
 * Draws docs/picture.svg, the README's picture: the network with its frozen part, and the test accuracy of a real run,
 * by the report's own drawing code. In a checkout:
 *
 *   npm run build && node dist/cli/main.js transfer --out run1 && node docs/picture.mjs run1
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { commonScales } from '../dist/report/html/curves.js';
import { timeline } from '../dist/report/html/epochs.js';
import { lineChart } from '../dist/report/html/line-chart.js';
import { SCHEMES, STYLE } from '../dist/report/html/style.js';
import { phaseTitles } from '../dist/report/transfer.js';

const [folder = 'run1'] = process.argv.slice(2);
const result = JSON.parse(readFileSync(`${folder}/result.json`, 'utf8'));

/** Layers with weights or a shape of their own; the first five are frozen in the second phase. */
const LAYERS = [
  ['image', '28×28×1'],
  ['conv2d 3×3', '26×26×32'],
  ['conv2d 3×3', '24×24×32'],
  ['max-pooling', '12×12×32'],
  ['dense', '128'],
  ['dense, softmax', '5'],
];
const [FIRST_FROZEN, LAST_FROZEN] = [1, 3];
const [LEFT, TOP, WIDE, HIGH, STEP] = [24, 62, 128, 30, 40];

const boxes = LAYERS.map(([name, shape], i) => {
  const y = TOP + i * STEP;
  const frozen = i >= FIRST_FROZEN && i <= LAST_FROZEN;
  const kind = i === 0 ? 'input' : frozen ? 'frozen' : 'trained';
  const arrow = i === 0 ? '' : `<path class="arrow" d="M${LEFT + WIDE / 2} ${y - STEP + HIGH}V${y}"/>`;
  return `${arrow}<rect class="box ${kind}" x="${LEFT}" y="${y}" width="${WIDE}" height="${HIGH}" rx="5"/>
<text x="${LEFT + WIDE / 2}" y="${y + 20}" text-anchor="middle">${name}</text><text class="tick" x="${LEFT + WIDE + 10}" y="${y + 20}">${shape}</text>`;
});
/** What is at the right of the layers from one to another. */
const bracket = (from, to, kind, lines) => {
  const [top, bottom] = [TOP + from * STEP, TOP + to * STEP + HIGH];
  const x = LEFT + WIDE + 88;
  const text = lines.map(
    (line, i) =>
      `<text class="${kind}" x="${x + 12}" y="${(top + bottom) / 2 + 5 + (i - (lines.length - 1) / 2) * 18}">${line}</text>`,
  );
  return `<path class="bracket ${kind}" d="M${x - 6} ${top}h6V${bottom}h-6"/>${text.join('')}`;
};

const chart = lineChart({
  ...{ id: 'accuracy', title: 'Test accuracy', description: 'Test accuracy by epoch', figure: 'accuracy' },
  ...{ timeline: timeline(result), range: commonScales([result]).accuracy, epochs: result.epochs },
  ...{ phases: phaseTitles(result), epochAxis: 'epoch', locale: 'en' },
}).text.replace('<svg ', '<svg x="354" y="40" width="400" height="264" ');

const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 330" role="img" aria-labelledby="t d">
<title id="t">Train on the digits 5–9, freeze the features, train the rest on 0–4</title>
<desc id="d">A network of two convolutions, max-pooling and two dense layers, of which the first three are frozen; and its accuracy by epoch on 5–9 with all layers trained, and on 0–4 with features frozen.</desc>
<style>
svg { ${SCHEMES.light} }
@media (prefers-color-scheme: dark) { svg { ${SCHEMES.dark} } }
${STYLE.split('\n')
  .filter((line) => /^(svg |\.neutral|\.source)/.test(line))
  .join('\n')}
text.head { font-weight: 600; font-size: 14px; }
.paper { fill: var(--page); }
.box { fill: var(--card); stroke: var(--line); }
.box.frozen { fill: var(--band); stroke: var(--target); }
.box.trained { stroke: var(--source); }
.arrow { stroke: var(--quiet); }
.bracket { fill: none; stroke: var(--line); stroke-width: 1.5; }
.bracket.frozen { stroke: var(--target); } .bracket.trained { stroke: var(--source); }
text.frozen { fill: var(--target); font-weight: 600; } text.trained { fill: var(--source); font-weight: 600; }
</style>
<rect class="paper" width="760" height="330" rx="8"/>
<text class="head" x="${LEFT}" y="34">Freeze the features, train the rest</text>
${boxes.join('\n')}
${bracket(FIRST_FROZEN, LAST_FROZEN, 'frozen', ['❄ trained on 5–9,', 'then frozen'])}
${bracket(LAST_FROZEN + 1, LAYERS.length - 1, 'trained', ['trained on 5–9,', 'then on 0–4'])}
<text class="head" x="406" y="34">Accuracy: test solid, training dashed</text>
${chart}
</svg>
`;
writeFileSync(new URL('picture.svg', import.meta.url), svg);
