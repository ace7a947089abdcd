/**
 * Where a Web Worker of the pool begins. `degelo/worker` is this file with all that it imports, for those whose bundler makes no file
 * of a worker's program; and for Node's threads, which take the work itself from it (worker-entry.cts) and have no messages of this kind.
 */
import '../../everything.ts';
import { takeTasks } from './web-program.ts';
import work from './worker.ts';

export default work;

if ('addEventListener' in globalThis) takeTasks();
