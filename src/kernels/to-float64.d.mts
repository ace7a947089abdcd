/** Types of to-float64.mjs. */
export function toFloat64(file: string, text: string): string;
