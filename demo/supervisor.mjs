// Starts programs. When the channel to the demo closes, because the demo ended or was killed, it stops them and removes the
// folder. It runs in its own session, so that Ctrl-C reaches only the demo, which then shuts down in order.
import './no-inspector.mjs';
import { spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';

/** How long a program may take to stop. */
const patienceMs = 5000;

const folder = process.argv[2];
const children = new Set();
let isEnding = false;

function start({ name, command, args, log }) {
  const output = openSync(log, 'w');
  const child = spawn(command, args, { stdio: ['ignore', output, output] });
  children.add(child);
  const over = () => {
    children.delete(child);
    if (!isEnding && process.connected) process.send({ ended: name });
    finish();
  };
  child.once('error', over);
  child.once('exit', over);
}

function end() {
  if (isEnding) return;
  isEnding = true;
  for (const child of children) child.kill('SIGTERM');
  setTimeout(() => {
    for (const child of children) child.kill('SIGKILL');
  }, patienceMs).unref();
  finish();
}

function finish() {
  if (!isEnding || children.size > 0) return;
  // Programs that are stopping may still write there.
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  process.exit();
}

process.on('message', start);
process.once('disconnect', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
// The demo may have ended before this line.
if (!process.connected) end();
