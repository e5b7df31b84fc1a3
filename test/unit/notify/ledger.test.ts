import { beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../../src/alerting/alert.ts';
import type { Finding } from '../../../src/model/finding.ts';
import type { Host } from '../../../src/model/host.ts';
import {
  advance,
  emptyLedger,
  type LastSeen,
  type Ledger,
  mostAlerts,
  mostQueued,
  nextFor,
  type Round,
  trim,
  withoutDropped,
  withoutNotification,
  withoutOthers,
} from '../../../src/notify/ledger.ts';
import { weekdays } from '../../../src/notify/quiet-hours.ts';
import { makeCollector, makeHost, makePool } from '../../support/makers.ts';
import { alertsOf, full, hour, low, makeNotification, makeReceiver, minute } from './support.ts';

const host = makeHost({ pools: [makePool()], collectors: [makeCollector()] });
const night = { from: 22 * 60, to: 7 * 60, days: weekdays, timeZone: 'UTC' };
const noon = Date.UTC(2026, 10, 30, 12);

let ledger: Ledger;
let seen: LastSeen;
let now: number;
let ids: number;
let untracked: readonly (string | undefined)[];
let round: Partial<Round>;
beforeEach(() => {
  ledger = emptyLedger;
  seen = new Map();
  now = noon;
  ids = 0;
  round = {};
});

/** Judges these findings, and gives what is sent: `phone firing 1 ThinPoolFull`. */
function judge(...findings: readonly Finding[]): readonly string[] {
  const receivers = round.receivers ?? [makeReceiver()];
  const result = advance(ledger, seen, {
    now,
    host,
    raised: alertsOf(...findings),
    pending: new Set(),
    muted: new Set(),
    receivers,
    routes: [{ receivers: receivers.map(({ name }) => name), severities: ['critical', 'warning'] }],
    hostName: 'db1',
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    ...round,
  });
  const before = ledger.queue.length;
  ledger = result.ledger;
  seen = result.lastSeen;
  untracked = result.untracked.map(({ labels }) => labels['pool']);
  return ledger.queue
    .slice(before)
    .map(({ receiver, status, count, content }) => `${receiver} ${status} ${count} ${content.alert}`);
}
const accept = () => {
  for (const { id } of ledger.queue) ledger = withoutNotification(ledger, id);
};
const keys = (...findings: readonly Finding[]) => new Set(alertsOf(...findings).map(fingerprint));

describe('a notification', () => {
  it('is made once for an alert, and again after the interval', () => {
    expect(judge(full)).toEqual(['phone firing 1 ThinPoolFull']);
    accept();
    now += 4 * hour - 1;
    expect(judge(full)).toEqual([]);
    now += 1;
    expect(judge(full)).toEqual(['phone firing 2 ThinPoolFull']);
    expect(ledger.queue[0]?.since).toBe(1_000_000);
  });

  it('is not repeated while the one before was not accepted', () => {
    judge(full);
    now += 5 * hour;
    expect(judge(full)).toEqual([]);
    accept();
    expect(judge(full)).toEqual(['phone firing 2 ThinPoolFull']);
  });

  it('is repeated once if the clock was set back', () => {
    judge(full);
    accept();
    now -= 365 * 24 * hour;
    expect(judge(full)).toEqual(['phone firing 2 ThinPoolFull']);
    accept();
    now += minute;
    expect(judge(full)).toEqual([]);
  });

  it('of its end comes after the time for which the rule keeps the alert', () => {
    judge(full);
    accept();
    now += minute;
    expect(judge()).toEqual([]);
    now += minute;
    expect(judge()).toEqual(['phone resolved 2 ThinPoolFull']);
    expect(ledger.alerts.size).toBe(0);
  });

  it('is not made again for an alert that comes back before its end', () => {
    judge(full);
    accept();
    now += minute;
    judge();
    now += minute;
    expect(judge(full)).toEqual([]);
    now += minute;
    expect(judge()).toEqual([]);
  });

  it('of the end is left out if the receiver does not want it', () => {
    round = { receivers: [makeReceiver({ sendsResolved: false })] };
    judge(full);
    now += hour;
    expect(judge()).toEqual([]);
    expect(ledger.alerts.size).toBe(0);
  });

  it('leaves the ledger as it is when nothing is sent', () => {
    judge(full);
    const before = ledger;
    now += minute;
    judge({ ...full, summary: 'other figures' });
    judge();
    expect(ledger).toBe(before);
  });
});

describe('one cause', () => {
  it('is one notification', () => {
    expect(judge(full, { ...full, code: 'below-minimum-free' }, low)).toEqual([
      'phone firing 1 ThinPoolFull',
    ]);
  });

  it('explains what was sent before, which is not repeated meanwhile', () => {
    expect(judge(low)).toEqual(['phone firing 1 ThinPoolNearlyFull']);
    accept();
    now += 5 * hour;
    expect(judge(low, full)).toEqual(['phone firing 1 ThinPoolFull']);
    accept();
    now += 5 * hour;
    expect(judge(low)).toEqual(['phone resolved 2 ThinPoolFull', 'phone firing 2 ThinPoolNearlyFull']);
  });

  it('that goes on ends nothing that it explains', () => {
    judge(low);
    accept();
    judge(full);
    accept();
    now += 4 * hour - 1;
    expect(judge(full)).toEqual([]);
    now += hour;
    expect(judge()).toEqual(['phone resolved 2 ThinPoolFull']);
    now += 3 * hour;
    expect(judge()).toEqual(['phone resolved 2 ThinPoolNearlyFull']);
  });

  it('of a severity that became worse has not ended', () => {
    judge(low);
    accept();
    judge({ ...low, severity: 'critical' });
    accept();
    now += 3 * hour;
    expect(judge({ ...low, severity: 'critical' })).toEqual([]);
  });
});

describe('the end of an alert is not sent', () => {
  const blind = (parts: Partial<Host>) => {
    judge(full);
    accept();
    now += hour;
    round = { host: makeHost(parts) };
    return judge();
  };

  it('while nothing can be read', () => {
    expect(blind({ discovered: false })).toEqual([]);
    round = {};
    expect(judge()).toEqual([]);
    now += 2 * minute;
    expect(judge()).toEqual(['phone resolved 2 ThinPoolFull']);
  });

  it('before an exporter that was restarted has read for a while', () => {
    judge(full);
    accept();
    seen = new Map();
    now += 24 * hour;
    expect(judge()).toEqual([]);
    now += 2 * minute;
    expect(judge()).toEqual(['phone resolved 2 ThinPoolFull']);
  });

  it('while its findings are pending', () => {
    judge(full);
    now += hour;
    round = { pending: keys(full) };
    expect(judge()).toEqual([]);
  });

  it('if its findings are muted, ever', () => {
    judge(full);
    accept();
    round = { muted: keys(full) };
    expect(judge()).toEqual([]);
    expect(ledger.alerts.size).toBe(0);
  });

  it('as a resolution if the pool is gone', () => {
    judge(full);
    accept();
    round = { host: makeHost() };
    judge();
    now += hour;
    expect(judge()).toEqual(['phone gone 2 ThinPoolFull']);
  });
});

describe('an alert about a pool that options now leave out', () => {
  it('ends without a word', () => {
    judge(full);
    accept();
    round = { host: makeHost({ excludedPools: 1 }) };
    judge();
    now += hour;
    expect(judge()).toEqual([]);
    expect(ledger.alerts.size).toBe(0);
  });

  it('is gone if the pool has vanished', () => {
    judge(full);
    accept();
    const missingPools = [{ name: 'docker-thinpool', lastSeenAt: now }];
    round = { host: makeHost({ excludedPools: 1, missingPools }) };
    judge();
    now += hour;
    expect(judge()).toEqual(['phone gone 2 ThinPoolFull']);
  });
});

describe('in quiet hours', () => {
  beforeEach(() => {
    now = Date.UTC(2026, 10, 30, 23);
    round = { receivers: [makeReceiver({ quietHours: [night] })] };
  });
  const morning = Date.UTC(2026, 11, 1, 7);

  it('a critical alert is sent', () => {
    expect(judge(full)).toEqual(['phone firing 1 ThinPoolFull']);
  });

  it('a warning waits until they are over', () => {
    expect(judge(low)).toEqual([]);
    now = morning;
    expect(judge(low)).toEqual(['phone firing 1 ThinPoolNearlyFull']);
  });

  it('a warning that has ended by then is not sent at all', () => {
    judge(low);
    now = morning;
    expect(judge()).toEqual([]);
  });

  it('the end of a warning waits, too, and one that comes back has not ended', () => {
    now -= 2 * hour;
    expect(judge(low)).toEqual(['phone firing 1 ThinPoolNearlyFull']);
    accept();
    now += 5 * hour;
    expect(judge()).toEqual([]);
    expect(judge(low)).toEqual([]);
    now += hour;
    expect(judge()).toEqual([]);
    now = morning;
    expect(judge()).toEqual(['phone resolved 2 ThinPoolNearlyFull']);
  });

  it('what is queued waits, except for what is critical', () => {
    const receiver = makeReceiver({ quietHours: [night] });
    const warning = makeNotification({
      id: 'w',
      content: { ...makeNotification().content, severity: 'warning' },
    });
    const queue = [warning, makeNotification({ id: 'c' })];
    expect(nextFor(receiver, { ...emptyLedger, queue }, now)?.id).toBe('c');
    expect(nextFor(receiver, { ...emptyLedger, queue: [warning] }, now)).toBeUndefined();
    expect(nextFor(receiver, { ...emptyLedger, queue: [warning] }, morning)?.id).toBe('w');
  });
});

describe('receivers', () => {
  it('each get what their routes say, and are sent the end of it only if they were sent the alert', () => {
    const receivers = [makeReceiver(), makeReceiver({ name: 'chat' })];
    round = {
      receivers,
      routes: [
        { receivers: ['phone', 'chat'], severities: ['critical'] },
        { receivers: ['chat'], severities: ['warning'] },
      ],
    };
    expect(judge(low)).toEqual(['chat firing 1 ThinPoolNearlyFull']);
    expect(judge(low, full)).toEqual(['phone firing 1 ThinPoolFull', 'chat firing 1 ThinPoolFull']);
    accept();
    now += 3 * hour;
    expect([...judge()].sort()).toEqual([
      'chat resolved 2 ThinPoolFull',
      'chat resolved 2 ThinPoolNearlyFull',
      'phone resolved 2 ThinPoolFull',
    ]);
  });

  it('may have any name', () => {
    round = { receivers: [makeReceiver({ name: 'constructor' }), makeReceiver({ name: 'toString' })] };
    expect(judge(full)).toHaveLength(2);
    now += hour;
    expect(judge()).toEqual(['constructor resolved 2 ThinPoolFull', 'toString resolved 2 ThinPoolFull']);
  });

  it('that are new are sent what is active', () => {
    judge(full);
    round = { receivers: [makeReceiver(), makeReceiver({ name: 'chat' })] };
    expect(judge(full)).toEqual(['chat firing 1 ThinPoolFull']);
  });

  it('that are gone are forgotten', () => {
    round = { receivers: [makeReceiver(), makeReceiver({ name: 'chat' })] };
    judge(full);
    const left = withoutOthers(ledger, [makeReceiver()]);
    expect(left.queue.map(({ receiver }) => receiver)).toEqual(['phone']);
    expect(Object.keys([...left.alerts.values()][0]!.sent)).toEqual(['phone']);
    expect(withoutOthers(ledger, [])).toEqual(emptyLedger);
  });

  it('can be skipped', () => {
    round = { skips: (receiver, { alert }) => receiver === 'phone' && alert === 'ThinPoolFull' };
    expect(judge(full)).toEqual([]);
    round = {};
    expect(judge(full)).toEqual(['phone firing 1 ThinPoolFull']);
  });
});

describe('the queue', () => {
  it('has a limit, and gives up the oldest that is not critical first', () => {
    const warning = { ...makeNotification().content, severity: 'warning' as const };
    const queue = Array.from({ length: mostQueued + 2 }, (_, at) =>
      makeNotification({ id: `${at}`, at: noon, ...(at === 7 && { content: warning }) }),
    );
    const { ledger: left, dropped } = trim({ ...emptyLedger, queue }, noon);
    expect(left.queue).toHaveLength(mostQueued);
    expect(dropped.map(({ id }) => id)).toEqual(['7', '0']);
  });

  it('of a receiver that accepts nothing leaves room for the others', () => {
    const warning = { ...makeNotification().content, severity: 'warning' as const };
    const queue = Array.from({ length: mostQueued }, (_, at) =>
      makeNotification({ id: `${at}`, receiver: 'dead', at: noon }),
    );
    const other = makeNotification({ id: 'w', at: noon, content: warning });
    const { dropped } = trim({ ...emptyLedger, queue: [...queue, other] }, noon);
    expect(dropped.map(({ id }) => id)).toEqual(['0']);
  });

  it('that gave up the beginning of an alert gets no end of it, and its beginning after the interval', () => {
    judge(full);
    const [start] = ledger.queue;
    ledger = withoutDropped(ledger, start!);
    now += 4 * hour;
    expect(judge(full)).toEqual(['phone firing 1 ThinPoolFull']);
    ledger = withoutDropped(ledger, ledger.queue[0]!);
    now += hour;
    judge();
    now += hour;
    expect(judge()).toEqual([]);
    expect(ledger.alerts.size).toBe(0);
  });

  it('that gave up a repeat gets the end', () => {
    judge(full);
    accept();
    now += 4 * hour;
    judge(full);
    ledger = withoutDropped(ledger, ledger.queue[0]!);
    now += hour;
    expect(judge()).toEqual(['phone resolved 2 ThinPoolFull']);
  });

  it('keeps neither the beginning nor the end of an alert that ended before its beginning was tried', () => {
    round = { isUntried: () => true };
    judge(full);
    now += hour;
    judge();
    expect(ledger).toEqual(emptyLedger);
    round = { isUntried: () => false };
    judge(full);
    now += hour;
    expect(judge()).toEqual(['phone resolved 2 ThinPoolFull']);
    expect(ledger.queue).toHaveLength(2);
  });

  it('keeps the end if a repeat was never tried', () => {
    judge(full);
    accept();
    now += 4 * hour;
    judge(full);
    round = { isUntried: () => true };
    now += hour;
    judge();
    expect(ledger.queue.map(({ status, count }) => `${status} ${count}`)).toEqual(['resolved 3']);
  });

  it('gives up what is older than a day', () => {
    const queue = [makeNotification({ at: noon - 24 * hour - 1 }), makeNotification({ id: 'b', at: noon })];
    const { ledger: left, dropped } = trim({ ...emptyLedger, queue }, noon);
    expect([left.queue.length, dropped.length]).toEqual([1, 1]);
    const kept = { ...emptyLedger, queue: left.queue };
    expect(trim(kept, noon).ledger).toBe(kept);
  });

  it('sends what is critical first, and to each receiver its own', () => {
    const warning = { ...makeNotification().content, severity: 'warning' as const };
    const queue = [
      makeNotification({ id: 'other', receiver: 'chat' }),
      makeNotification({ id: 'w', content: warning }),
      makeNotification({ id: 'c1' }),
      makeNotification({ id: 'c2' }),
    ];
    expect(nextFor(makeReceiver(), { ...emptyLedger, queue }, noon)?.id).toBe('c1');
    expect(nextFor(makeReceiver({ name: 'mail' }), { ...emptyLedger, queue }, noon)).toBeUndefined();
  });
});

describe('more alerts than are tracked', () => {
  const many = Array.from({ length: mostAlerts + 2 }, (_, at) => ({ ...low, pool: `p${at}` }));

  it('are reported as such, and keep no critical one from being sent', () => {
    judge(...many);
    expect(untracked).toEqual([`p${mostAlerts}`, `p${mostAlerts + 1}`]);
    expect(judge(...many, full)).toEqual(['phone firing 1 ThinPoolFull']);
    expect(ledger.alerts.size).toBe(mostAlerts + 1);
  });

  it('have a limit if they are critical, too', () => {
    judge(...many.map((one) => ({ ...full, pool: one.pool })));
    expect(ledger.alerts.size).toBe(mostAlerts);
    expect(untracked).toHaveLength(2);
  });
});

describe('many alerts at once', () => {
  const pools = Array.from({ length: 100 }, (_, at) => `pool-${String(at).padStart(3, '0')}`);
  const sick = (names: readonly string[]) => names.map((pool) => ({ ...full, pool }));
  const people = makeReceiver({ mostAtOnce: 5 });

  it('are one notification to a person, at their beginning, as repeats and at their end', () => {
    round = { receivers: [people] };
    expect(judge(...sick(pools))).toEqual(['phone firing 1 Several']);
    expect(ledger.queue[0]).toMatchObject({
      since: 1_000_000,
      content: { severity: 'critical', title: '100 alerts on db1: 100 critical', findings: [] },
    });
    const { digest } = ledger.queue[0]!.content;
    expect(digest?.alerts).toHaveLength(20);
    expect(digest?.more).toBe(80);
    expect(digest?.alerts[0]).toEqual({
      key: [...keys(sick(pools)[0]!)][0],
      alert: 'ThinPoolFull',
      severity: 'critical',
      pool: 'pool-000',
      title: 'Pool pool-000 on db1 is out of data space; writes that need a new block hang or fail',
    });
    now += 4 * hour;
    // It has not been accepted: no repeat. What is new is sent.
    expect(judge(...sick([...pools, 'other']))).toEqual(['phone firing 1 ThinPoolFull']);
    accept();
    now += 4 * hour;
    expect(judge(...sick([...pools, 'other']))).toEqual(['phone firing 2 Several']);
    accept();
    now += minute;
    judge();
    now += 2 * minute;
    expect(judge()).toEqual(['phone resolved 3 Several']);
    expect(ledger.queue[0]?.content.title).toBe('101 alerts on db1');
    expect(ledger.alerts.size).toBe(0);
  });

  it('that do not begin or end in the same second are a few notifications, too', () => {
    round = { receivers: [people] };
    const said: string[] = [];
    for (let at = 1; at <= 40; at += 1) {
      said.push(...judge(...sick(pools.slice(0, 5 * at))));
      accept();
      now += 1000;
    }
    expect(said).toEqual([
      ...Array(5).fill('phone firing 1 ThinPoolFull'),
      ...Array(2).fill('phone firing 1 Several'),
    ]);
    for (let at = 1; at <= 160; at += 1) {
      said.push(...judge(...sick(pools.slice(5 * at))));
      accept();
      now += 1000;
    }
    expect(said.length).toBeLessThan(7 + 8);
    expect(ledger.alerts.size).toBe(0);
  });

  it('do not delay one that is worse', () => {
    round = { receivers: [people] };
    judge(...pools.map((pool) => ({ ...low, pool })));
    now += 1000;
    expect(judge(...sick(['other']))).toEqual(['phone firing 1 ThinPoolFull']);
  });

  it('are counted by severity, and the worst are listed first', () => {
    round = {
      receivers: [people],
      routes: [{ receivers: ['phone'], severities: ['critical', 'warning', 'info'] }],
    };
    const warnings = pools.slice(0, 5).map((pool) => ({ ...low, pool }));
    judge(...warnings, ...sick(['worst']));
    const { content } = ledger.queue[0]!;
    expect(content.title).toBe('6 alerts on db1: 1 critical, 5 warnings');
    expect(content.digest?.alerts.map(({ severity }) => severity)).toEqual([
      'critical',
      ...Array(5).fill('warning'),
    ]);
    expect(content.digest?.more).toBe(0);
  });

  it('are sent one by one up to a number, and to what has none', () => {
    round = { receivers: [people, makeReceiver({ name: 'own' })] };
    expect(judge(...sick(pools.slice(0, 5)))).toHaveLength(10);
    expect(judge(...sick(pools.slice(0, 12)))).toEqual([
      'phone firing 1 Several',
      ...Array(7).fill('own firing 1 ThinPoolFull'),
    ]);
  });
});
