import type { Pager } from '../../../../src/model/facts.ts';
import type { Host } from '../../../../src/model/host.ts';
import { makeHost, makeVolume } from '../../../support/makers.ts';
import { type CodeCases, lvmPool } from '../each-code.ts';

const volume = { ...makeVolume('253:9'), name: 'vg0-srv' };

/** Prometheus on this host, and a pool with the volume 253:9. */
export function hostWithPager(pager: Partial<Pager>): Host {
  const pagers: readonly Pager[] = [
    { program: 'Prometheus', device: '253:9', source: '/dev/mapper/vg0-srv', ...pager },
  ];
  return makeHost({ pools: [lvmPool({ volumes: [volume] })], pagers });
}

export const pagerCases: CodeCases = {
  'pager-on-pool': {
    fires: hostWithPager({ folder: '/prometheus' }),
    summary:
      'pool vg0-data holds the data of Prometheus (/prometheus), which would page about it: volume vg0-srv',
    quiet: hostWithPager({ device: '8:1', source: '/dev/sda1' }),
  },
};
