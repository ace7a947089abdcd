/** The public API of degelo. */
// For users' compilers: models have Symbol.asyncDispose.
/// <reference lib="esnext.disposable" preserve="true" />

import './everything.ts';
import './habits.ts';

export * from './core.ts';
