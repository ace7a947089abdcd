export const ISOLATION: Readonly<Record<string, string>>;
export const STRICT: Readonly<Record<string, string>>;
export const STRICT_WASM: Readonly<Record<string, string>>;
export function serve(
  folder: string,
  headers?: Readonly<Record<string, string>>,
): Promise<{ origin: string; close(): Promise<void> }>;
