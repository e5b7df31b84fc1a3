import { expect, it } from 'vitest';
import { kernelMessages } from '../../../demo/screens/kernel-log.ts';
import { cycleSeconds } from '../../../demo/story/time.ts';
import { hostAt } from '../../../demo/story.ts';

/** What is logged from one second of the story to another. */
function messagesIn(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) =>
    kernelMessages(hostAt(from + index), hostAt(from + index + 1)).map((text) =>
      text.replace('device-mapper: thin: ', ''),
    ),
  ).flat();
}

it('logs each turn of the story in the words of the kernel, and none when it begins again', () => {
  expect(messagesIn(0, cycleSeconds)).toEqual([
    '254:2: reached low water mark for data device: sending event.',
    '254:2: switching pool to out-of-data-space (queue IO) mode',
    '254:12: reached low water mark for data device: sending event.',
    '254:12: growing the data device from 409600 to 491520 blocks',
    '254:2: growing the data device from 194552 to 243192 blocks',
    '254:2: switching pool to write mode',
    '254:12: reached low water mark for data device: sending event.',
    '254:12: growing the data device from 491520 to 589824 blocks',
    '254:22: switching pool to read-only mode',
    '254:22: growing the metadata device from 16384 to 32768 blocks',
    '254:22: switching pool to write mode',
  ]);
});

it('shows the second time what happens if no operator acts', () => {
  const docker = messagesIn(cycleSeconds, 2 * cycleSeconds).filter((text) => text.startsWith('254:2:'));
  expect(docker).toEqual([
    '254:2: reached low water mark for data device: sending event.',
    '254:2: switching pool to out-of-data-space (queue IO) mode',
    '254:2: switching pool to out-of-data-space (error IO) mode',
    '254:2: growing the data device from 194552 to 243192 blocks',
    '254:2: switching pool to write mode',
  ]);
});
