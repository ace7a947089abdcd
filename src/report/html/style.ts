/**
 * The page's style sheet. Both schemes keep text at a contrast of 4.5 : 1 at least, lines and marks at 3 : 1 (WCAG 2.2,
 * 1.4.3 and 1.4.11; a test computes them). What a colour says is said by a dash, a mark, a frame or a word too.
 */
const LIGHT = `
--page: #ffffff; --card: #f6f8fa; --text: #1f2328; --quiet: #57606a; --line: #d0d7de; --link: #0550ae;
--source: #0550ae; --target: #953800; --band: #fff1e5;
--tint-1: #ffebe9; --tint-2: #ffcecb; --tint-3: #ffaba8; --tint-4: #ff8182; --tint-5: #fa6e6e; --tinted: #1f2328;`;
const DARK = `
--page: #0d1117; --card: #161b22; --text: #e6edf3; --quiet: #9198a1; --line: #3d444d; --link: #79c0ff;
--source: #79c0ff; --target: #ffa657; --band: #2b2117;
--tint-1: #3c1618; --tint-2: #5d1a1f; --tint-3: #78191b; --tint-4: #8e1519; --tint-5: #a40e16; --tinted: #ffffff;`;

export const SCHEMES = { light: LIGHT, dark: DARK } as const;

export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.375rem; margin: 2.5rem 0 .5rem; padding-top: .75rem; border-top: 1px solid var(--line); }
h3, h4 { font-size: 1.0625rem; margin: 1.25rem 0 .5rem; }
p { max-width: 46rem; margin: .5rem 0; }
.lead { font-size: 1.125rem; }
small, caption, figcaption, .legend { color: var(--quiet); font-size: .875rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
nav ul, .legend, .mistakes { list-style: none; margin: .5rem 0; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
nav a { display: inline-block; padding: .25rem 0; }
.runs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 2rem; }
.run { min-width: 0; }
.charts, .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: 1rem 2rem; }
.triple { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); gap: 1rem 2rem; }
.maps { display: grid; grid-template-columns: 5.5rem minmax(0, 26rem) minmax(0, 26rem); gap: 1rem 2rem; align-items: start; }
.pair { justify-items: start; }
.swipe { display: none; color: var(--quiet); font-size: .875rem; margin: .5rem 0 0; }
@media (max-width: 40rem) {
  .swipe { display: block; }
  .maps { grid-template-columns: minmax(0, 1fr); }
  .maps .digit { width: 5.5rem; }
}
.charts > *, .pair > *, .triple > *, .maps > * { min-width: 0; max-width: 100%; }
figure { margin: 0; }
.charts figure { max-width: 30rem; }
.charts figcaption { color: var(--text); font-weight: 600; font-size: 1rem; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 13px system-ui, sans-serif; fill: var(--text); }
svg .tick, svg .axis { fill: var(--quiet); }
svg .grid { stroke: var(--line); fill: none; }
svg .value { font-size: 11px; }
svg polyline { fill: none; stroke-width: 2; }
svg .train polyline { stroke-dasharray: 5 4; }
.neutral { --phase: var(--text); } .source { --phase: var(--source); } .target { --phase: var(--target); }
svg polyline, svg circle { stroke: var(--phase); }
svg .train circle { fill: var(--page); stroke-width: 1.5; }
svg .test circle { fill: var(--phase); }
svg text.source, svg text.target { fill: var(--phase); font-weight: 600; }
svg .bar { stroke: var(--phase); }
svg .bar.source { fill: var(--source); }
svg .hatch-paper { fill: var(--page); } svg .hatch-line { fill: var(--target); }
.legend svg { display: inline-block; width: 40px; vertical-align: middle; }
.scroll { overflow-x: auto; max-width: 100%; margin: .5rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: start; padding: .25rem 0; }
th, td { padding: .25rem .75rem .25rem 0; text-align: start; vertical-align: top; }
th { font-weight: 600; }
tbody th { font-weight: 400; }
thead th { vertical-align: bottom; }
.scroll > table > tbody > tr { border-top: 1px solid var(--line); }
.number { text-align: end; }
tr.frozen { background: var(--band); box-shadow: inset 4px 0 var(--target); }
tr.frozen th { padding-inline-start: .75rem; font-weight: 600; }
.confusion td, .confusion th { padding: .25rem .5rem; text-align: center; min-width: 2.75rem; }
.confusion thead td { border: 0; }
.confusion tbody th { text-align: end; white-space: nowrap; }
.confusion .right { outline: 2px solid var(--text); outline-offset: -3px; font-weight: 600; }
.confusion .tint-0 { color: var(--quiet); }
${[1, 2, 3, 4, 5].map((n) => `.confusion .tint-${n} { background: var(--tint-${n}); color: var(--tinted); }`).join('\n')}
.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem), 1fr)); gap: 1rem; }
.mistakes figure { display: grid; grid-template-columns: 5.5rem 1fr; gap: .25rem .75rem; align-items: start; background: var(--card);
  border: 1px solid var(--line); border-radius: 6px; padding: .5rem .75rem; height: 100%; }
.mistakes figcaption { grid-column: 1 / -1; color: var(--text); }
.mistakes small { white-space: nowrap; }
.mistakes img { width: 5.5rem; height: auto; }
.mistakes th { white-space: nowrap; }
.mistakes th, .mistakes td { padding: 0 .5rem 0 0; font-size: .8125rem; line-height: 1.35; }
.mistakes tr.right > * { font-weight: 700; }
.mistakes td svg { display: inline-block; width: 3.25rem; height: .5rem; }
.mistakes td rect { fill: var(--quiet); }
.mistakes tr.right rect { fill: var(--text); }
img { image-rendering: pixelated; }
.pair figure { width: 100%; max-width: 26rem; }
.maps img { width: 100%; height: auto; }
.filters { width: 100%; height: auto; background: var(--page); }
summary { cursor: pointer; color: var(--link); padding: .25rem 0; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .75rem; white-space: pre-wrap; }
code { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media print {
  :root { color-scheme: light; ${LIGHT} }
  body { max-width: none; padding: 0; }
  nav, .swipe, details:not([open]) { display: none; }
  .scroll { overflow: visible; }
  figure, tr, .mistakes li { break-inside: avoid; }
  h2, h3, h4 { break-after: avoid; }
  tr, td, rect, svg * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
