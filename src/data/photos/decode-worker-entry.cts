/** Where a thread that decodes photos begins: CommonJS, as in training/threads/worker-entry.cts, which says why. */
const load = () => import('./decode-worker.ts');
type Program = Awaited<ReturnType<typeof load>>;
let program: Promise<Program> | undefined;

module.exports = async (...task: Parameters<Program['default']>) => {
  program ??= load();
  return (await program).default(...task);
};
