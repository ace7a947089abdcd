export function goldenImages(): Uint8Array[];
