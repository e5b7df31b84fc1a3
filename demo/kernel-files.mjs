// Preloaded into the exporter (node --import): commands can be stood in for by PATH, but files of the kernel have fixed
// places. Reads of them are led to the simulated host's folder, and no further: all above them is the real program.
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

// The kernel log gives one record a read (Documentation/ABI/testing/dev-kmsg), a plain file as much as there is. Who opens
// it has a place of its own in it.
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

// The demo has gone, maybe without a word, and maybe before this line.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
if (process.connected === false) process.exit(1);
process.channel?.unref();
