import { findValue, type Sample } from '../guest/exposition.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

/** How often data and metadata were seen to grow. */
const extensions =
  (pool: string, data: number, metadata: number) =>
  (samples: readonly Sample[]): readonly string[] =>
    Object.entries({ data, metadata }).flatMap(([resource, wanted]) => {
      const found = findValue(samples, `thinpool_${resource}_extensions_total`, { pool });
      return found === wanted ? [] : [`${resource} of ${pool} grew ${found} times, not ${wanted}`];
    });

export const identity = defineScenario({
  name: 'identity',
  about:
    'the same name for another pool, another name for the same; grown, with a snapshot and an external origin',
  disks: ['3G'],
  needsExporter: true,
  timeoutSeconds: 500,
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 256M -c 64k --thinpool pool vg');
    await lab.sh('lvcreate -V 200M --thin vg/pool -n thin');
    const { step, finish, timeline } = await openWatch(lab);
    await step({
      name: 'first',
      act: 'dd if=/dev/zero of=/dev/vg/thin bs=1M count=100 oflag=direct',
      exit: 0,
      volumes: true,
      also: extensions('vg-pool', 0, 0),
    });
    await step({
      name: 'made anew with larger blocks',
      act: `lvremove -y vg/pool && lvcreate -L 768M -c 128k --thinpool pool vg
lvcreate -V 200M --thin vg/pool -n thin && dd if=/dev/zero of=/dev/vg/thin bs=1M count=30 oflag=direct`,
      exit: 0,
      volumes: true,
      also: extensions('vg-pool', 0, 0),
    });
    await step({
      name: 'pool renamed',
      act: 'lvrename vg/pool vg/tank',
      without: ['pool-missing vg-pool'],
      exit: 0,
      volumes: true,
    });
    await step({
      name: 'VG renamed',
      act: 'vgrename vg data-1',
      without: ['pool-missing vg-tank'],
      exit: 0,
      volumes: true,
    });
    await step({
      name: 'grown',
      act: 'lvextend -L +128M data-1/tank && sleep 7 && lvextend --poolmetadatasize +8M data-1/tank',
      exit: 0,
      also: extensions('data--1-tank', 1, 1),
    });
    await step({
      name: 'a snapshot',
      act: `lvcreate -s -kn -n snap data-1/thin
dd if=/dev/zero of=/dev/data-1/snap bs=1M count=10 oflag=direct`,
      exit: 0,
      volumes: true,
    });
    await step({
      name: 'an external origin',
      act: `lvcreate -y -L 64M -n origin data-1 && lvchange -an data-1/origin && lvchange -pr data-1/origin
lvcreate -s -n outside --thinpool data-1/tank data-1/origin
dd if=/dev/zero of=/dev/data-1/outside bs=1M count=10 oflag=direct`,
      exit: 0,
      volumes: true,
      also: extensions('data--1-tank', 1, 1),
    });
    await step({
      name: 'only the pool is left',
      // LVM then leaves the target on the device with the pool's own name.
      act: 'lvremove -y data-1/snap data-1/thin data-1/outside data-1/origin',
      exit: 0,
      volumes: true,
      also: extensions('data--1-tank', 1, 1),
    });
    await step({
      name: 'removed',
      act: 'lvremove -y data-1/tank',
      findings: ['pool-missing data--1-tank'],
      exit: 0,
      // Missed for good only after ten seconds: LVM takes pools away for a moment.
      within: 25,
    });
    await finish();
    const missed = timeline.events.filter(({ what }) => /pool-missing (?!data--1-tank)/.test(what));
    lab.check('no other pool was ever missed', missed.length === 0, missed[0]?.what);
  },
});
