import { setFlagsFromString } from 'node:v8';

// Tunes V8 for a program that works for some milliseconds every few seconds, for months. It is the first import of the
// program, because code compiled before keeps the old limits. Measured by `npm run bench`.

// After a full collection the heap of a small program may grow by 2 MiB instead of 8, and freed memory is returned to the
// system (v8 src/heap/memory-controller.cc, heap.cc: ShouldOptimizeForMemoryUsage).
setFlagsFromString('--optimize-for-size');
// A large heap may grow by 60% of the live memory; V8's default allows up to four times the live memory, which on a host with
// ten thousand volumes is a hundred megabytes more. Starting a command costs in proportion to the memory of its parent.
setFlagsFromString('--heap-growing-percent=60');
// No baseline code, which is large: functions that run often are optimized anyway.
setFlagsFromString('--no-sparkplug');
// Number of bytecode bytes after which a function is optimized (v8 src/flags/flag-definitions.h): with the 67,584 of Node 20
// the optimizing compiler took a tenth of all CPU at a hundred volumes, a fifth at ten thousand. The packages and the image
// contain Node 20; newer versions do not know the flag, and would print a warning with every command.
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=2000000');
