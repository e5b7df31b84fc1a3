import { describe, expect, it } from 'vitest';
import { renderConfig } from '../../../src/cli/config.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';
import { findingCodes } from '../../../src/rules/evaluate.ts';

const start = (yaml: string) =>
  load({
    argv: ['--config.file=o.yaml'],
    environment: {},
    readText: () => yaml,
    collectors,
    findingCodes,
  });

const problems = (yaml: string) => {
  const loaded = start(yaml);
  return loaded.kind === 'wrong' ? loaded.problems : [];
};

const valid = `findings:
  - code: nearly-full
    pool: vg0-*
    severity: muted
    until: 2027-01-31
    reason: moved to new disks in January
  - { code: loopback-in-use, severity: muted, until: "2028-02-29", reason: "a lab: that is how it is" }
  - { code: status-stuck, severity: warning, reason: a test pool }
  - { code: autoextend-off, severity: critical, until: 2027-01-31, reason: until it is on }
`;

describe('findings in the options file', () => {
  it('are read with the line of each, and end with their day', () => {
    expect(start(valid)).toMatchObject({
      config: {
        findings: [
          {
            code: 'nearly-full',
            severity: 'muted',
            pool: 'vg0-*',
            until: '2027-01-31',
            endsAt: Date.parse('2027-02-01T00:00:00Z'),
            reason: 'moved to new disks in January',
            where: 'o.yaml:2',
          },
          { code: 'loopback-in-use', endsAt: Date.parse('2028-03-01T00:00:00Z'), where: 'o.yaml:7' },
          { code: 'status-stuck', severity: 'warning', reason: 'a test pool', where: 'o.yaml:8' },
          { code: 'autoextend-off', severity: 'critical', until: '2027-01-31', where: 'o.yaml:9' },
        ],
      },
    });
  });

  it('are printed by config, and read back', () => {
    const loaded = start(valid);
    if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
    const again = start(renderConfig(loaded.settings));
    expect(again).toMatchObject({ config: { findings: loaded.config.findings } });
  });

  it('that are wrong are all named, with file and line', () => {
    const entry = (line: string) => `findings:\n  - code: nearly-full\n    severity: muted\n${line}`;
    expect(
      problems(`findings:
  - code: nearly-ful
    severity: muted
    until: 2027-01-31
    reason: x
  - code: nearly-full
    severity: quiet
    until: 2027-02-30
    raeson: x
  - nonsense
  - code: nearly-full
    severity: muted
    reason: x
volumes.max: many
`),
    ).toEqual([
      'o.yaml:7: findings: severity: expected muted, critical, warning or info, got "quiet"',
      'o.yaml:8: findings: until: expected the last day, such as 2027-01-31, got "2027-02-30"',
      'o.yaml:9: findings: raeson: unknown key, expected one of code, pool, severity, until, reason (did you mean reason?)',
      'o.yaml:10: findings: expected an entry with code, pool, severity, until, reason',
      'o.yaml:11: findings: until is missing: expected the last day, such as 2027-01-31',
      'o.yaml:14: volumes.max: expected a whole number from 0 to 100000, got "many"',
      expect.stringMatching(
        /^o\.yaml:2: findings: nearly-ful: unknown code \(did you mean nearly-full\?\); expected one of pool-failed, /,
      ),
    ]);
    expect(problems(entry('    until: 2027-01-31\n'))).toEqual([
      'o.yaml:2: findings: reason is missing: expected a sentence',
    ]);
    expect(problems(entry('    until: 2027-01-31\n    reason: ""\n'))).toEqual([
      'o.yaml:5: findings: reason: expected a sentence, got nothing',
    ]);
    expect(problems('findings: nearly-full\n')).toEqual([
      'o.yaml:1: findings: expected a list of entries with code, pool, severity, until and reason, got "nearly-full"',
    ]);
    expect(problems('findings: []\n')).toEqual([]);
    expect(problems('findings:\n  - { code: nearly-full, severity: info }\n')).toEqual([
      'o.yaml:2: findings: reason is missing: expected a sentence',
    ]);
    expect(problems('findings:\n  - { code: nearly-full, reason: x }\n')).toEqual([
      'o.yaml:2: findings: severity is missing: expected muted, critical, warning or info',
    ]);
  });
});
