/**
 * A module of plain/ for float64: each Math.fround goes (float64 needs none: every operation is rounded by itself), each Float32Array
 * becomes a Float64Array. What comments above functions say is only in plain/.
 *
 * @param {string} file its name
 * @param {string} text
 */
export const toFloat64 = (file, text) =>
  `// Generated from ../plain/${file} by generate-float64.mjs: do not edit.\n${text
    .replace(/^ *\/\*\*[\s\S]*?\*\/\n+/gm, '')
    .replaceAll('Math.fround', '')
    .replaceAll('Float32Array', 'Float64Array')
    .replaceAll("'float32'", "'float64'")
    .replaceAll('plainKernels', 'plain64Kernels')}`;
