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

// The kernel log gives one record a read (Documentation/ABI/testing/dev-kmsg), a plain file as much as there is.
const { openSync, readSync } = fs;
const log = { file: -1, at: 0 };

fs.openSync = (path, ...rest) => {
  if (path !== '/dev/kmsg') return openSync(path, ...rest);
  Object.assign(log, { file: openSync(`${root}${path}`, ...rest), at: 0 });
  return log.file;
};
fs.readSync = (file, buffer, ...rest) => {
  if (file !== log.file) return readSync(file, buffer, ...rest);
  const there = readSync(file, buffer, 0, buffer.length, log.at);
  const record = buffer.subarray(0, there).indexOf('\n') + 1;
  log.at += record;
  return record;
};

syncBuiltinESMExports();

// The demo has gone, maybe without a word, and maybe before this line.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
if (process.connected === false) process.exit(1);
process.channel?.unref();
