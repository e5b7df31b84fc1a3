import { expect, it } from 'vitest';
import { emptyRecord, readRecord, writeRecord } from '../../../src/measure/record.ts';

const pool = { dmName: 'vg-pool-tpool', uuid: 'LVM-abc-tpool', device: '253:2', bootId: 'b' } as const;
const volumes = [{ deviceId: 1, mappedBlocks: 30, exclusiveBlocks: 10 }];
const whole = {
  holds: [pool, { ...pool, heldRoot: 77 }],
  spaces: [{ ...pool, takenAt: 1, blockBytes: 65_536, volumes }],
};

it('is read as it was written', () => {
  expect(readRecord(writeRecord(whole))).toEqual(whole);
});

it.each([
  ['nothing', ''],
  ['half of it', writeRecord(whole).slice(0, 60)],
  ['another version', writeRecord(whole).replace('"version":1', '"version":2')],
  ['no object', '[]'],
  ['no lists', '{"version":1,"holds":3,"spaces":null}'],
])('is empty: %s', (_, content) => {
  expect(readRecord(content)).toEqual(emptyRecord);
});

it.each([
  ['a block', { ...pool, heldRoot: -1 }],
  ['a block', { ...pool, heldRoot: '77' }],
  ['a device', { ...pool, device: '253' }],
  ['a name', { ...pool, dmName: undefined }],
  ['a UUID', { ...pool, uuid: 5 }],
])('leaves out a snapshot whose record is not that of %s', (_, hold) => {
  const content = JSON.stringify({ version: 1, holds: [null, hold, pool], spaces: [] });
  expect(readRecord(content).holds).toEqual([pool]);
});

it('leaves out a volume that was not counted', () => {
  const [space] = whole.spaces;
  const spaces = [{ ...space, volumes: [{ deviceId: 1, mappedBlocks: 1.5 }, ...volumes] }];
  expect(readRecord(JSON.stringify({ version: 1, holds: [], spaces })).spaces).toEqual([space]);
});
