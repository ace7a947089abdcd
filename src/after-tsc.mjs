/** What the build does once tsc has written dist/, in one process: it runs at every `npm start`. */
import './data/pack-libjpeg-turbo.mjs';
import './data/pack-mnist.mjs';
import './remove-stale.mjs';
import './bare-scripts.mjs';
import './thin-maps.mjs';
import './prebuilt.mjs';
