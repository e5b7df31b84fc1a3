// Preloaded into the exporter (node --import). Commands are replaced through PATH, but files of the kernel have fixed
// paths: reads of these paths go to the folder of the simulated host. The rest of the program is the real one.
import fs from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const root = process.env.DEMO_ROOT;
const simulated = /^\/(sys|run|proc\/\d+|proc\/sys)\//;

for (const name of ['open', 'opendir', 'readFile', 'readlink']) {
  const real = promises[name];
  promises[name] = (path, ...rest) =>
    real(typeof path === 'string' && simulated.test(path) ? `${root}${path}` : path, ...rest);
}

// The kernel log returns one record per read (Documentation/ABI/testing/dev-kmsg), a plain file everything. Every open has
// its own position.
const { openSync, readSync, closeSync } = fs;
const places = new Map();

fs.openSync = (path, ...rest) => {
  if (path !== '/dev/kmsg') return openSync(path, ...rest);
  const file = openSync(`${root}${path}`, ...rest);
  places.set(file, 0);
  return file;
};
fs.readSync = (file, buffer, ...rest) => {
  const at = places.get(file);
  if (at === undefined) return readSync(file, buffer, ...rest);
  const there = readSync(file, buffer, 0, buffer.length, at);
  const record = buffer.subarray(0, there).indexOf('\n') + 1;
  places.set(file, at + record);
  return record;
};
fs.closeSync = (file) => {
  places.delete(file);
  closeSync(file);
};

syncBuiltinESMExports();

// The demo has ended or was killed, maybe even before this line.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
if (process.connected === false) process.exit(1);
process.channel?.unref();
