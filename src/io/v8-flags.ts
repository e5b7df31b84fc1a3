import { setFlagsFromString } from 'node:v8';

// Tunes V8 for a program that works for some milliseconds every few seconds, for months. It comes before
// all that is large, because code compiled before keeps the old limits. Memory: the peak with 10 pools and 1,000 volumes, Node 20.

// After a full collection the heap of a small program may grow by 2 MiB instead of 8, and freed memory is returned to the
// system (v8 src/heap/memory-controller.cc, heap.cc: ShouldOptimizeForMemoryUsage). Saves 30 MiB of 105, a hundred at 10,000
// volumes, and 2 with one pool, for a tenth more CPU. Starting a command costs in proportion to the memory of its parent.
setFlagsFromString('--optimize-for-size');
// No baseline code, which is large: functions that run often are optimized anyway. Saves 2 MiB of 76.
setFlagsFromString('--no-sparkplug');
if (Number.parseInt(process.versions.v8, 10) > 11) {
  // Since Node 22 there is a second optimizing compiler, and either compiles sooner: 311 ms a poll with 10,000 volumes instead of
  // 496, and 4 MiB less, most of it the compilers' own code.
  setFlagsFromString('--no-maglev');
  setFlagsFromString('--invocation-count-for-turbofan=30000');
} else {
  // Number of bytecode bytes after which a function is optimized (v8 src/flags/flag-definitions.h). With the 67,584 of Node 20
  // the optimizing compiler took a quarter of all CPU: 105 ms a poll instead of 78. Newer versions do not know the flag, and
  // would print a warning with every command.
  setFlagsFromString('--interrupt-budget=2000000');
}
