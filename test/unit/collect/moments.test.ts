import { describe, expect, test } from 'vitest';
import { ScriptedHost } from '../../support/scripted.ts';

const vg = 'XH5f8l0jzTTeOWZPj3bfHWuOyG1tkqSM';
const lv = 'AowB1yLZI90SDC1VjsAWH5MxxA2GdPj4';
const uuid = `LVM-${vg}${lv}-tpool`;

const report = (kind: string, row: object) => JSON.stringify({ report: [{ [kind]: [row] }] });

/** The kernel's status and what LVM reports, each of its moment. */
function setKernel(host: ScriptedHost, transaction: number, blocks = 3000): void {
  host.pool(
    'vg-pool-tpool',
    `${transaction} 100/1000 2500/${blocks} - rw discard_passdown queue_if_no_space - 250 `,
    {
      uuid,
    },
  );
}

function setLvm(host: ScriptedHost, transaction: number, free = 1 << 30): void {
  const names = { vg_name: 'vg', vg_uuid: vg };
  const pool = {
    lv_name: 'pool',
    lv_uuid: lv,
    lv_attr: 'twi-aotz--',
    lv_size: '209715200',
    data_percent: '78.12',
  };
  const room = { vg_size: '2147483648', vg_free: `${free}`, vg_extent_size: '4096', pv_name: '/dev/sda' };
  host.outputs
    .set('lvm/lvs', report('lv', { ...names, ...pool, transaction_id: `${transaction}`, thin_count: '2' }))
    .set('lvm/vgs', report('vg', { ...names, vg_attr: 'wz--n-', ...room }));
}

async function start(): Promise<ScriptedHost> {
  const host = new ScriptedHost(['devices', 'pools', 'lvm', 'lvmpolicy']);
  host.outputs.set(
    'lvmpolicy/default',
    'thin_pool_autoextend_threshold=70\nthin_pool_autoextend_percent=20\nmonitoring=1\n',
  );
  host.linearParts('vg-pool');
  setKernel(host, 100);
  setLvm(host, 100);
  await host.pass(10);
  return host;
}

const codes = (host: ScriptedHost) => host.monitor.current().findings.map(({ code }) => code);
const pool = (host: ScriptedHost) => host.monitor.current().host.pools[0];

describe('transaction ids of the kernel and of LVM', () => {
  test.each([2, 3, 5, 8])('never differ while a snapshot is made every %i s', async (seconds) => {
    const host = await start();
    for (let second = 0; second < 700; second += 1) {
      const transaction = 100 + Math.floor(second / seconds);
      setKernel(host, transaction);
      setLvm(host, transaction);
      await host.pass(1);
      expect(codes(host)).not.toContain('transaction-mismatch');
      expect(pool(host)?.transactions?.kernel).toBe(pool(host)?.transactions?.lvm);
    }
    // At once, but at most every five seconds.
    expect(host.reads.filter((asked) => asked === 'lvm/lvs').length).toBeLessThan(145);
  });

  test.each([
    ['one behind', 99],
    ['one ahead', 101],
  ])('differ when LVM stays %s', async (_, transaction) => {
    const host = await start();
    setLvm(host, transaction);
    await host.pass(70);
    expect(pool(host)?.transactions).toEqual({ kernel: 100, lvm: transaction });
    await host.pass(310);
    expect(codes(host)).toContain('transaction-mismatch');
    for (let second = 0; second < 70; second += 1) {
      await host.pass(1);
      expect(codes(host)).toContain('transaction-mismatch');
    }
    setLvm(host, 100);
    await host.pass(65);
    expect(codes(host)).not.toContain('transaction-mismatch');
  });

  test('a new transaction makes LVM be read again', async () => {
    const host = await start();
    const asked = host.reads.length;
    setKernel(host, 101);
    setLvm(host, 101);
    await host.pass(7);
    expect(host.reads.slice(asked)).toContain('lvm/lvs');
    expect(pool(host)?.transactions).toEqual({ kernel: 101, lvm: 101 });
  });
});

describe('transaction ids in a single poll, where LVM takes a moment', () => {
  async function pollOnce(meanwhile: (host: ScriptedHost) => void): Promise<ScriptedHost> {
    const host = new ScriptedHost(['devices', 'pools', 'lvm']);
    setKernel(host, 98);
    setLvm(host, 100);
    const { outputs } = host;
    const lookUp = outputs.get.bind(outputs);
    outputs.get = (place) => {
      if (place === 'lvm/lvs') {
        host.now += 500;
        meanwhile(host);
      }
      return lookUp(place);
    };
    await host.monitor.collectOnce();
    return host;
  }

  test('differ if the status still has an earlier one after LVM was read', async () => {
    const host = await pollOnce(() => {});
    expect(pool(host)?.transactions).toEqual({ kernel: 98, lvm: 100 });
    expect(codes(host)).toContain('transaction-mismatch');
  });

  test('do not differ if transactions began meanwhile', async () => {
    const host = await pollOnce((one) => setKernel(one, 100));
    expect(pool(host)?.transactions).toEqual({ kernel: 100, lvm: 100 });
    expect(codes(host)).not.toContain('transaction-mismatch');
  });
});

describe('after an extension', () => {
  test('the room that LVM reported before is not believed, and LVM is read again', async () => {
    const host = await start();
    expect(pool(host)?.autoextend?.steps[0]).toMatchObject({ shortfallBytes: 0 });
    expect(pool(host)).not.toHaveProperty('roomOutdated');
    host.outputs.set('lvm/lvs', 'wait').set('lvm/vgs', 'wait');
    setKernel(host, 100, 3200);
    await host.pass(6);
    expect(pool(host)).toMatchObject({ roomOutdated: true, extensions: { data: 1 } });
    await host.pass(20);
    setLvm(host, 100, 0);
    await host.pass(20);
    expect(pool(host)).not.toHaveProperty('roomOutdated');
    expect(codes(host)).toContain('autoextend-no-room');
  });

  test('that is within seconds', async () => {
    const host = await start();
    setKernel(host, 100, 3200);
    setLvm(host, 100, 0);
    await host.pass(12);
    expect(pool(host)).not.toHaveProperty('roomOutdated');
    expect(codes(host)).toContain('autoextend-no-room');
  });
});
