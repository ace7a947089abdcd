/**
 * Where a worker thread begins. piscina loads a thread's program by `require`, and that must not be an ES module: Node 20 aborts
 * the whole process when a thread is ended while it requires one (v8::Module::IsGraphAsync), and where Node can't require one
 * (before 20.17), piscina makes code from a string. So this file is CommonJS, and imports the program at the first task.
 */
const load = () => import('./worker.ts');
type Program = Awaited<ReturnType<typeof load>>;
let program: Promise<Program> | undefined;

module.exports = async (...task: Parameters<Program['default']>) => {
  program ??= load();
  return (await program).default(...task);
};
