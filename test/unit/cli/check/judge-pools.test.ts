import { describe, expect, it } from 'vitest';
import { judgePools } from '../../../../src/cli/check/judge-pools.ts';
import { renderCheckmk } from '../../../../src/cli/check/render-checkmk.ts';
import { renderZabbix } from '../../../../src/cli/check/render-zabbix.ts';
import type { Finding } from '../../../../src/model/finding.ts';
import { defaultLimits } from '../../../../src/rules/limits.ts';
import { makeHost, makePool, makeUnknownPool } from '../../../support/makers.ts';

const finding = (parts: Partial<Finding>): Finding => ({
  code: 'data-full',
  severity: 'critical',
  pool: 'a',
  summary: 'pool a is out of data space',
  advice: 'Run `lvextend`.',
  ...parts,
});
const host = makeHost({
  pools: [makePool({ name: 'healthy' }), makePool({ name: 'a' }), makeUnknownPool({ name: 'blind' })],
});
const findings = [
  finding({}),
  finding({ code: 'nearly-full', severity: 'warning' }),
  finding({ code: 'loopback-in-use', severity: 'info' }),
  finding({
    code: 'collector-failing',
    severity: 'warning',
    pool: undefined!,
    summary: 'collector lvm fails',
  }),
];
const services = judgePools({ host, findings, trends: [] });

describe('services', () => {
  it('are the host and its pools, worst first, each with a status of its own', () => {
    expect(services.map(({ pool, status, summary }) => [pool?.name, status, summary])).toEqual([
      [undefined, 1, 'collector lvm fails'],
      ['a', 2, 'pool a is out of data space, and 1 more'],
      ['blind', 3, 'its state is not known'],
      ['healthy', 0, 'data 17.8% used, metadata 0.3% used'],
    ]);
  });

  it('of a host of which nothing is known are unknown', () => {
    const blind = judgePools({ host: makeHost({ discovered: false }), findings: [], trends: [] });
    expect(blind).toEqual([{ status: 3, summary: 'device-mapper devices have not been read', findings: [] }]);
  });

  it('of a host without findings are ok', () => {
    expect(judgePools({ host, findings: [], trends: [] })[0]).toMatchObject({
      status: 0,
      summary: '3 pools',
    });
  });
});

describe('Checkmk', () => {
  it('gets a line for each', () => {
    const lines = renderCheckmk(services, defaultLimits).split('\n');
    expect(lines[0]).toBe(
      '1 "Thin pools" - collector lvm fails\\nWARNING collector-failing: collector lvm fails Run `lvextend`.',
    );
    expect(lines[2]).toBe('3 "Thin pool blind" - its state is not known');
    expect(lines[3]).toBe(
      '0 "Thin pool healthy" data=17.76;85;;0;100|metadata=0.28;85;;0;100 data 17.8% used, metadata 0.3% used',
    );
    expect(lines).toHaveLength(5);
  });

  it('gets lines that it accepts: what is not of this form is left out there without a word', () => {
    const level = String.raw`(?:\d+(?:\.\d+)?)?`;
    const metric = String.raw`[a-z]+=\d+\.\d+(?:;${level}){4}`;
    const line = new RegExp(String.raw`^[0-3] "[^"']+" (?:-|${metric}(?:\|${metric})*) \S.*$`);
    const pools = ['healthy', "it's", 'a "b"', 'a|b=c;d', '\\n'].map((name) => makePool({ name }));
    const all = judgePools({ host: makeHost({ pools }), findings, trends: [] });
    const lines = renderCheckmk(all, defaultLimits).trimEnd().split('\n');
    expect(lines).toHaveLength(6);
    for (const one of lines) expect(one).toMatch(line);
  });

  it('gets names that end neither a line nor a word', () => {
    const evil = makePool({ name: 'a"b\n2 "x' });
    const text = finding({ pool: evil.name, summary: 'a|b\\nc' });
    const out = renderCheckmk(
      judgePools({ host: makeHost({ pools: [evil] }), findings: [text], trends: [] }),
      defaultLimits,
    );
    expect(out.split('\n')).toHaveLength(3);
    expect(out).toContain('2 "Thin pool a_b\\u000a2 _x" ');
    expect(out).toContain(' a/b/nc\\nCRITICAL');
  });
});

it('Zabbix gets JSON with a macro for each pool, and nothing for what is not known', () => {
  const { host: own, pools } = JSON.parse(renderZabbix(services));
  expect(own).toEqual({ status: 1, summary: 'collector lvm fails', codes: ['collector-failing'] });
  expect(pools[0]).toMatchObject({ '{#POOL}': 'a', status: 2, codes: ['data-full', 'nearly-full'] });
  expect(pools[0]).toMatchObject({ data_used_percent: 17.76, metadata_used_percent: 0.28 });
  expect(pools[1]).toEqual({
    '{#POOL}': 'blind',
    pool: 'blind',
    status: 3,
    summary: 'its state is not known',
    codes: [],
  });
});
