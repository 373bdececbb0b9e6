// A worker starts here in plain JavaScript: where spinfire runs from its source it teaches its thread to read TypeScript, then it
// runs the module that the task names. (On Node 20 `--import tsx` does not reach worker threads.)
if (import.meta.url.endsWith('/src/parallel/bootstrap.js')) (await import('tsx/esm/api')).register();
const loaded = new Map();

export default async function run({ module, task }) {
  let work = loaded.get(module);
  if (work === undefined) {
    work = (await import(module)).default;
    loaded.set(module, work);
  }
  return work(task);
}
