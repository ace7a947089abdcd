/** What the build does once tsc has written dist/, in one process: it runs at every `npm start`. */

// One after the other: modules that wait for something let those imported after them begin.
await import('./data/pack-libjpeg-turbo.mjs');
await import('./data/pack-mnist.mjs');
await import('./remove-stale.mjs');
await import('./bare-scripts.mjs');
await import('./thin-maps.mjs');
await import('./prebuilt.mjs');
