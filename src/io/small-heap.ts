import { setFlagsFromString } from 'node:v8';

/**
 * Lets the heap grow by a fifth of what is alive before the next full collection. V8 by itself lets it grow to as much as
 * four times that (v8 src/heap/heap-controller.cc): of a host with ten thousand volumes a hundred megabytes more, and every
 * command that is started costs by the memory of who starts it.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=20');
}
