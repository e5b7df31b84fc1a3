import { expect, it } from 'vitest';
import type { Host } from '../../../src/model/host.ts';
import { evaluate } from '../../../src/rules/evaluate.ts';
import { hostWithPager } from './cases/pager.ts';

const foundIn = (host: Host) =>
  evaluate({ host, trends: [] }, new Map())
    .findings.filter(({ code }) => code === 'pager-on-pool')
    .map(({ summary }) => summary);

it('finds Btrfs by the name of its device', () => {
  expect(foundIn(hostWithPager({ device: '0:45' }))).toHaveLength(1);
  expect(foundIn(hostWithPager({ device: '0:45', source: '/dev/mapper/vg0-other' }))).toEqual([]);
});

it('says each program once', () => {
  const host = hostWithPager({});
  const [pager] = host.pagers;
  const pagers = [pager!, pager!, { ...pager!, program: 'Alertmanager' } as const];
  expect(foundIn({ ...host, pagers })).toEqual([
    'pool vg0-data holds the data of Prometheus, which would page about it: volume vg0-srv',
    'pool vg0-data holds the data of Alertmanager, which would page about it: volume vg0-srv',
  ]);
});
