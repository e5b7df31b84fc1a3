import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countKernelEvents } from '../../../../src/collectors/kernel/events.ts';
import {
  continueHungTask,
  placeOfHungTask,
  startHungTask,
} from '../../../../src/collectors/kernel/hung-task.ts';
import { kernelMessageKinds, parseKernelMessage } from '../../../../src/collectors/kernel/message.ts';

/** What shows that a message is about storage, whatever else it says. */
const storageWords = [
  'device-mapper: thin: ',
  'device-mapper: future target: ',
  'dm-7',
  'XFS (dm-7): ',
  'EXT4-fs (sdb1): ',
  'BTRFS error (device dm-7): ',
  'JBD2: ',
  'I/O error',
  'md/raid5:md0: ',
];
const otherWords = [
  'eth0: link up',
  'usb 1-1: ',
  'failed',
  'error -5',
  '253:2: ',
  '(',
  ')',
  '[xfs]',
  '',
  '\\x',
  '%s',
];

const words = (from: readonly string[]) =>
  fc.array(fc.oneof(fc.constantFrom(...from), fc.string({ maxLength: 12 })));
const seed = 1;
const numRuns = 5000;
const kinds = kernelMessageKinds.map(({ kind }) => kind);

describe('an unknown line', () => {
  it('is never lost where a word of storage is in it', () => {
    const line = fc.tuple(words(otherWords), fc.constantFrom(...storageWords), words(otherWords));
    fc.assert(
      fc.property(line, ([before, word, after]) => {
        const text = [...before, word, ...after].join(' ');
        expect(kinds).toContain(parseKernelMessage(text)?.kind);
      }),
      { numRuns, seed },
    );
  });

  it('is dropped where there is none', () => {
    const word = fc.constantFrom(
      'eth0:',
      'usb',
      'link',
      'failed',
      'error',
      '-5',
      '253:2:',
      'xfs',
      'loop',
      'md',
    );
    fc.assert(
      fc.property(fc.array(word), (line) => {
        expect(parseKernelMessage(line.join(' '))).toBeUndefined();
      }),
      { numRuns, seed },
    );
  });

  it('never stops the reading of a log, nor of a stack', () => {
    const task = 'INFO: task dockerd:8562 blocked for more than 120 seconds.';
    const line = fc.oneof(
      fc.constant(task),
      fc.string(),
      words([...storageWords, ...otherWords]).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(fc.array(line), (messages) => {
        const records = messages.map((message, us) => ({ us, message }));
        const events = countKernelEvents({ records, lost: 0 }, 1000, [], () => undefined);
        for (const { count, lastAt } of events) expect(count > 0 && lastAt <= 1000).toBe(true);
        const start = startHungTask(task, 0);
        for (const message of messages) {
          const more = start && continueHungTask(start, message);
          if (more !== undefined) placeOfHungTask(more);
        }
      }),
      { numRuns: 1000, seed },
    );
  });
});
