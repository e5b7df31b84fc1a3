// Preloaded into the exporter (node --import): commands can be stood in for by PATH, but files of the kernel have fixed
// places. Reads of them are led to the simulated host's folder, and no further: all above them is the real program.
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const root = process.env.DEMO_ROOT;
const simulated = /^\/(sys|run|proc\/\d+|proc\/sys)\//;

for (const name of ['open', 'opendir', 'readFile', 'readlink']) {
  const real = promises[name];
  promises[name] = (path, ...rest) =>
    real(typeof path === 'string' && simulated.test(path) ? `${root}${path}` : path, ...rest);
}
syncBuiltinESMExports();
