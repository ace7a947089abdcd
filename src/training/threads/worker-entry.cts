/**
 * Where a worker thread begins. piscina loads a thread's program by `require`, and that must not be an ES module: Node 20 aborts
 * the whole process when a thread is ended while it requires one (v8::Module::IsGraphAsync), and where Node can't require one
 * (before 20.17), piscina makes code from a string. So this file is CommonJS, and imports the program at the first task.
 *
 * It is there twice: `degelo/worker`, one file, which starts three times as fast as a hundred and fifty; and the package's own
 * files, which users' modules know, since these register their layers with `import … from 'degelo'`.
 */
type Program = Promise<typeof import('./worker.ts')>;
const oneFile = () => import('degelo/worker') as Program;
const files = async () => {
  await import('../../everything.ts');
  return import('./worker.ts');
};
const programs = new Map<boolean, Program>();

module.exports = async (...[task]: Parameters<Awaited<Program>['default']>) => {
  // In Deno a thread has the messages of Web Workers, which that one file would take.
  const wantsFiles = task.hasModules || 'Deno' in globalThis;
  const program = programs.get(wantsFiles) ?? (wantsFiles ? files() : oneFile());
  programs.set(wantsFiles, program);
  return (await program).default(task);
};
