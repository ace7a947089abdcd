/** What pack-libjpeg-turbo.mjs writes: the WebAssembly of libjpeg-turbo, in base64. */
export declare const LIBJPEG_TURBO: string;
