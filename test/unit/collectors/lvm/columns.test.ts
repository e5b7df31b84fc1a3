import { expect, test } from 'vitest';
import { parseColumnReport } from '../../../../src/collectors/lvm/columns.ts';
import { readLogicalVolumes } from '../../../../src/collectors/lvm/logical-volume.ts';
import { Exited, ParseError } from '../../../../src/collectors/shared/errors.ts';

/** From a public article: `lvs -o+seg_monitor` on a Docker host. */
const pasted = `  LV       VG     Attr       LSize   Pool Origin Data%  Meta%  Move Log Cpy%Sync Convert Monitor 
  thinpool docker twi-a-t--- <95.00g             0.00   0.01                             monitored
`;

/** LVM 2.03.16, `lvs -a` of an inactive pool. */
const inactive = `  LV              VG    Attr       LSize   Pool Origin Data%  Meta%  Move Log Cpy%Sync Convert
  [lvol0_pmspare] try-1 ewi-XX----   4.00m                                                    
  pool            try-1 twi---tz--  50.00m                                                    
  thin1           try-1 Vwi-XXtz-- 100.00m pool                                               
`;

/** Two decimals are printed: half of the last one may be missing. */
const mebibytes = (count: number) => ({ bytes: count * 1024 ** 2, roundingBytes: 5243 });

const read = (stdout: string, exitCode = 0) =>
  readLogicalVolumes(parseColumnReport({ stdout, stderr: '', exitCode }).records).records;

test('what people paste', () => {
  expect(read(pasted)).toEqual([
    {
      vgName: 'docker',
      lvName: 'thinpool',
      role: 'pool',
      dataPercent: 0,
      metadataPercent: 0.01,
      suspended: false,
      monitored: true,
      active: true,
      roundedSize: { bytes: 95 * 1024 ** 3, roundingBytes: 5_368_710 },
    },
  ]);
});

test('blank columns stay unknown', () => {
  expect(read(inactive)).toEqual([
    { vgName: 'try-1', lvName: 'lvol0_pmspare', role: 'other', roundedSize: mebibytes(4) },
    {
      vgName: 'try-1',
      lvName: 'pool',
      role: 'pool',
      suspended: false,
      active: false,
      roundedSize: mebibytes(50),
    },
    { vgName: 'try-1', lvName: 'thin1', role: 'volume', poolLv: 'pool', roundedSize: mebibytes(100) },
  ]);
});

test('lines whose trailing blanks got lost', () => {
  expect(read(inactive.replaceAll(/ +$/gm, ''))).toEqual(read(inactive));
});

test('a value of two words, a heading of two words, an exact size', () => {
  const text = `  LV   VG  Attr       LSize  LV UUID                                Monitor
  pool vg  twi-aotz-- 409600 dPo1uD-VIJz-fNBJ-pPUx-yjP2-AbYH-2FBHaa not monitored
`;
  expect(read(text)).toMatchObject([
    { sizeBytes: 409600, lvUuid: 'dPo1uDVIJzfNBJpPUxyjP2AbYH2FBHaa', monitored: false },
  ]);
});

test('what LVM said before is no heading, and a line that is no row costs itself only', () => {
  const chatted = `  WARNING: Running as a non-root user.\n${pasted}`;
  expect(read(chatted)).toEqual(read(pasted));
  const { records, unreadable } = parseColumnReport({
    stdout: `${pasted}Retrying metadata scan.\n`,
    stderr: '',
    exitCode: 0,
  });
  expect(records).toHaveLength(1);
  expect(unreadable).toHaveLength(1);
});

test('nothing is nothing', () => {
  expect(read('')).toEqual([]);
});

test('what does not stand below its heading is refused', () => {
  expect(() => read(pasted.replace('\n  thinpool', '\nthinpool'))).toThrow('values below their headings');
  expect(() => read('a b c\n')).toThrow('headings LV, VG and Attr');
  expect(() => read('a b c\n')).toThrow(ParseError);
  expect(() => read('', 5)).toThrow(Exited);
});

/** LVM 2.02.98, from a public manual for RHEL 6.4: eight letters, and no column for metadata. */
const rhel6 = `  LV          VG       Attr     LSize   Pool       Origin Data%  Move Log Copy%  Convert
  mythinpool  vg001    twi-a-tz 100.00m                     0.00                        
  thinvolume  vg001    Vwi-a-tz   1.00g mythinpool          0.00
`;

test('eight attribute letters', () => {
  expect(read(rhel6)).toMatchObject([
    { lvName: 'mythinpool', role: 'pool', active: true, dataPercent: 0, roundedSize: mebibytes(100) },
    { lvName: 'thinvolume', role: 'volume', active: true, poolLv: 'mythinpool' },
  ]);
  expect(read(rhel6)[0]).not.toHaveProperty('metadataPercent');
});
