import { setFlagsFromString } from 'node:v8';

// Tunes V8 for a program that works for some milliseconds every few seconds, for months. It is the first import of the
// program, because code compiled before keeps the old limits. Measured by `npm run bench`.

// After a full collection the heap of a small program may grow by 2 MiB instead of 8, and what is freed goes back to the
// system (v8 src/heap/memory-controller.cc, heap.cc: ShouldOptimizeForMemoryUsage).
setFlagsFromString('--optimize-for-size');
// That of a large one by six tenths of what is alive, where V8 by itself allows up to four times that: of a host with ten
// thousand volumes a hundred megabytes more, and every command that is started costs by the memory of who starts it.
setFlagsFromString('--heap-growing-percent=60');
// Machine code for what ran a few times, as large as it is fast: nothing runs often here but what is then optimized.
setFlagsFromString('--no-sparkplug');
// A function is optimized after so many bytes of its bytecode were run (v8 src/flags/flag-definitions.h): at the 67,584 of Node
// 20 from a tenth of all CPU at a hundred volumes to a fifth at ten thousand went to the optimizing compiler. That Node is part
// of the packages and of the image; newer ones do not know the flag, and would say so on every command.
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=2000000');
