import { setFlagsFromString } from 'node:v8';

// Tells V8 that this program works for some milliseconds every few seconds, and for months. It is the first import of the
// program: what was compiled before keeps the limits of before. Measured by `npm run bench`.

// The heap grows by a fifth of what is alive before the next full collection. V8 by itself lets it grow to as much as four
// times that (v8 src/heap/heap-controller.cc): of a host with ten thousand volumes a hundred megabytes more, and every
// command that is started costs by the memory of who starts it.
setFlagsFromString('--heap-growing-percent=20');
// A function is optimized after so many bytes of its bytecode were run (v8 src/flags/flag-definitions.h): at the 67,584 of Node
// 20 from a tenth of all CPU at a hundred volumes to a fifth at ten thousand went to the optimizing compiler. That Node is part
// of the packages and of the image; newer ones do not know the flag, and would say so on every command.
if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=2000000');
