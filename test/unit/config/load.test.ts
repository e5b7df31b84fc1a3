import { describe, expect, it } from 'vitest';
import { load } from '../../../src/config/load.ts';
import type { ConfigurableCollector } from '../../../src/config/options.ts';

const collectors: readonly ConfigurableCollector[] = [
  {
    name: 'pools',
    help: 'Pools.',
    needs: { tool: 'dmsetup' },
    defaults: { intervalMs: 5000, timeoutMs: 4000 },
  },
  { name: 'lvm', help: 'LVM.', needs: { tool: 'lvs' }, defaults: { intervalMs: 60_000, timeoutMs: 20_000 } },
];

function start(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  files: Readonly<Record<string, string>> = {},
) {
  const readText = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
    return text;
  };
  return load({ argv, environment, readText, collectors });
}

function run(...args: Parameters<typeof start>) {
  const loaded = start(...args);
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  return loaded;
}

function problems(...args: Parameters<typeof start>): readonly string[] {
  const loaded = start(...args);
  return loaded.kind === 'wrong' ? loaded.problems : [];
}

const yamlProblems = (yaml: string) => problems(['--config.file=c.yaml'], {}, { 'c.yaml': yaml });

describe('defaults', () => {
  it('serves with everything at its default', () => {
    const { command, config } = run([]);
    expect(command).toBe('serve');
    expect(config).toEqual({
      metricSet: 'essential',
      detailedVolumes: 1,
      configFile: undefined,
      replay: undefined,
      systemdSocket: false,
      webConfigFile: undefined,
      hostName: undefined,
      listen: [{ port: 10058 }],
      telemetryPath: '/metrics',
      exposeRawOutput: false,
      logLevel: 'info',
      logFormat: 'text',
      lvmScope: 'all',
      segMonitor: 'auto',
      poolEvents: true,
      maxFastPolled: 8,
      dockerTransport: 'auto',
      poolsInclude: undefined,
      poolsExclude: undefined,
      maxVolumes: 2000,
      exclusiveAt: undefined,
      exclusiveState: '/var/lib/thinpool-exporter/exclusive.json',
      missingRetentionMs: 3_600_000,
      minimumFree: undefined,
      nearlyFullWarning: 85,
      nearlyFullCritical: undefined,
      runsOutWithinMs: 1_200_000,
      lvmRefusalSeverity: 'warning',
      findings: undefined,
      runbookUrl: 'https://github.com/thinpool-exporter/thinpool-exporter/blob/main/docs/runbooks/{alert}.md',
      alertmanagers: undefined,
      alertmanagerLabels: undefined,
      alertmanagerResendMs: 10_000,
      alertmanagerTimeoutMs: 3000,
      alertmanagerCredentials: undefined,
      alertmanagerCa: undefined,
      warning: undefined,
      critical: undefined,
      checkOnly: false,
      json: false,
      format: 'prometheus',
      demoStory: 'docker',
      demoSpeed: 1,
      demoFrom: 0,
      demoForMs: undefined,
      demoWithoutAlerting: false,
      demoKeepFiring: false,
      plugin: 'nagios',
      newVolume: false,
      notifyConfigFile: undefined,
      notifyState: '/var/lib/thinpool-exporter/notify.json',
      notifyHeartbeat: undefined,
      notifyHeartbeatIntervalMs: 60_000,
      notifyHeartbeatReportsFailure: false,
      sample: undefined,
      growth: undefined,
      limit: 10,
      scramble: false,
      collectors: {
        pools: { mode: 'auto', intervalMs: 5000, timeoutMs: 4000 },
        lvm: { mode: 'auto', intervalMs: 60_000, timeoutMs: 20_000 },
      },
    });
  });

  it('cannot be changed afterwards, at any depth', () => {
    const { config } = run([]);
    expect(Object.isFrozen(config.collectors['pools'])).toBe(true);
    expect(Object.isFrozen(config.listen)).toBe(true);
    expect(Object.isFrozen(config.listen[0])).toBe(true);
  });
});

describe('precedence', () => {
  const files = { 'c.yaml': 'log.level: error\nvolumes:\n  max: 3\npools.missing-retention: 3m' };
  const environment = { THINPOOL_LOG_LEVEL: 'warn', THINPOOL_VOLUMES_MAX: '2' };
  const argv = ['--log.level=debug', '--config.file', 'c.yaml'];

  it('takes flag before environment before file before default', () => {
    const { config } = run(argv, environment, files);
    expect(config).toMatchObject({
      logLevel: 'debug',
      maxVolumes: 2,
      missingRetentionMs: 180_000,
      telemetryPath: '/metrics',
    });
  });

  it('remembers where each value comes from', () => {
    const { settings } = run(argv, environment, files);
    const origin = (flag: string) => {
      const setting = settings.find(({ option }) => option.flag === flag);
      return [setting?.origin, setting?.where];
    };
    expect(origin('log.level')).toEqual(['flag', '--log.level']);
    expect(origin('volumes.max')).toEqual(['environment', 'THINPOOL_VOLUMES_MAX']);
    expect(origin('pools.missing-retention')).toEqual(['file', 'c.yaml:4: pools.missing-retention']);
    expect(origin('web.telemetry-path')).toEqual(['default', undefined]);
  });

  it('finds the file by environment too', () => {
    expect(run([], { THINPOOL_CONFIG_FILE: 'c.yaml' }, files).config.logLevel).toBe('error');
  });

  it('takes an empty variable for none', () => {
    expect(run([], { THINPOOL_LOG_LEVEL: '' }).config.logLevel).toBe('info');
  });

  it('complains of a wrong value even where a stronger origin hides it', () => {
    expect(problems(['--log.level=debug'], { THINPOOL_LOG_LEVEL: 'loud' })).toEqual([
      'THINPOOL_LOG_LEVEL: expected debug, info, warn or error, got "loud"',
    ]);
  });
});

describe('command line', () => {
  it('takes the value in the same word or in the next', () => {
    expect(run(['--replay', '/x', '--volumes.max=7']).config).toMatchObject({ replay: '/x', maxVolumes: 7 });
  });

  it('takes a list from repeated flags and from commas', () => {
    const { listen } = run(['--web.listen-address=:1', '--web.listen-address=[::1]:2,a.b:3']).config;
    expect(listen).toEqual([{ port: 1 }, { host: '::1', port: 2 }, { host: 'a.b', port: 3 }]);
  });

  it('finds the command wherever it stands', () => {
    expect(run(['--log.level', 'debug', 'check', '--json'])).toMatchObject({
      command: 'check',
      config: { json: true, logLevel: 'debug' },
    });
  });

  it.each([['--help'], ['-h'], ['help'], ['--no-such-option', '--help']])('offers help for %j', (...argv) => {
    expect(start(argv)).toEqual({ kind: 'help' });
  });

  it('offers help on a command', () => {
    expect(start(['help', 'check'])).toEqual({ kind: 'help', command: 'check' });
    expect(start(['check', '--help'])).toEqual({ kind: 'help', command: 'check' });
    expect(problems(['help', 'chek'])[0]).toContain('did you mean check?');
  });

  it('prints its version', () => {
    expect(start(['--version'])).toEqual({ kind: 'version' });
    expect(start(['-V'])).toEqual({ kind: 'version' });
  });

  it.each([
    [['--web.listen-adress=:1'], '--web.listen-adress: unknown option (did you mean --web.listen-address?)'],
    [['--listen-address=:1'], '--listen-address: unknown option (did you mean --web.listen-address?)'],
    [['--zzzzzz'], '--zzzzzz: unknown option'],
    [['-v'], '-v: unknown option (did you mean --version?)'],
    [['-x'], '-x: unknown option'],
    [['--toString'], '--toString: unknown option'],
    [['--__proto__=1'], '--__proto__: unknown option'],
    [['--no-collector.lvm'], '--no-collector.lvm: unknown option (write --collector.lvm=off)'],
    [['-log.level=debug'], '-log.level=debug: options start with two dashes; write --log.level=debug'],
    [['-x'], '-x: unknown option'],
    [['--log.level'], '--log.level: expected debug, info, warn or error, got nothing'],
    [['--log.level='], '--log.level: expected debug, info, warn or error, got nothing'],
    [['--log.level', '--replay=x'], '--log.level: expected debug, info, warn or error, got nothing'],
    [['--log.level=info', '--log.level=warn'], '--log.level: given 2 times; give it once'],
    [
      ['chekc'],
      'chekc: unknown command, expected one of serve, check, room, plan, top, textfile, config, notify, doctor, capture, rules, dashboards, runbooks, demo (did you mean check?)',
    ],
    [['textfile'], 'textfile: expected the argument FILE, got nothing'],
    [['capture', 'a', 'b'], 'capture: expected the argument DIR, got a b'],
    [['check', 'docker-pool'], 'check: expected no argument, got docker-pool'],
    [
      ['check', '--web.listen-address=:1'],
      '--web.listen-address: not an option of check; it is used by serve',
    ],
    [['check', '--json=yes'], '--json: expected true or false, got "yes"'],
  ])('refuses %j', (argv, problem) => {
    expect(problems(argv)).toContain(problem);
  });

  it('accepts from environment and file what another command uses', () => {
    const environment = { THINPOOL_WEB_LISTEN_ADDRESS: ':1' };
    const files = { 'c.yaml': 'web.telemetry-path: /m' };
    expect(run(['check', '--config.file=c.yaml'], environment, files).command).toBe('check');
  });
});

describe('environment', () => {
  it('warns of variables with our prefix that nothing reads', () => {
    const { warnings } = run([], { THINPOOL_LOG_LEVLE: 'debug', THINPOOL_JSON: '1', HOME: '/root' });
    expect(warnings).toEqual([
      'THINPOOL_JSON: unknown variable, ignored',
      'THINPOOL_LOG_LEVLE: unknown variable, ignored (did you mean THINPOOL_LOG_LEVEL?)',
    ]);
  });

  it('passes over those that Kubernetes sets for a service named like us', () => {
    const names = ['SERVICE_HOST', 'SERVICE_PORT_HTTP', 'PORT', 'PORT_10058_TCP', 'PORT_10058_TCP_ADDR'];
    const { warnings } = run([], Object.fromEntries(names.map((name) => [`THINPOOL_EXPORTER_${name}`, 'x'])));
    expect(warnings).toEqual([]);
  });
});

describe('file', () => {
  it('takes options nested, dotted, and as sequences', () => {
    const yaml = `
web:
  listen-address: ["[::1]:1", ":2"]
collector:
  lvm: { mode: off, interval: 2m }
collector.pools.mode: on
minimum-free:
  - 10%
  - docker-pool=5%
volumes.max: 10
`;
    const { config } = run(['--config.file=c.yaml'], {}, { 'c.yaml': yaml });
    expect(config).toMatchObject({
      listen: [{ host: '::1', port: 1 }, { port: 2 }],
      collectors: { lvm: { mode: 'off', intervalMs: 120_000 }, pools: { mode: 'on' } },
      minimumFree: [{ percent: 10 }, { pool: 'docker-pool', percent: 5 }],
      maxVolumes: 10,
    });
  });

  it('takes the bare name of a collector for its mode', () => {
    const { config } = run(['--config.file=c.yaml'], {}, { 'c.yaml': 'collector:\n  lvm: off\n' });
    expect(config.collectors['lvm']?.mode).toBe('off');
  });

  it.each(['', '# nothing\n', '---\n'])('takes %j for no options', (yaml) => {
    expect(yamlProblems(yaml)).toEqual([]);
  });

  it.each([
    ['log:\n  level: loud\n', 'c.yaml:2: log.level: expected debug, info, warn or error, got "loud"'],
    ['log:\n  levl: info\n', 'c.yaml:2: log.levl: unknown option (did you mean log.level?)'],
    ['\nlgo:\n  level: info\n', 'c.yaml:2: lgo: unknown option'],
    ['log: info\n', 'c.yaml:1: log: unknown option (did you mean log.level?)'],
    ['log:\n  level: {a: 1}\n', 'c.yaml:2: log.level: expected debug, info, warn or error, got a mapping'],
    [
      'log.level: [[info]]\n',
      'c.yaml:1: log.level: expected debug, info, warn or error, got a sequence with nested values',
    ],
    ['log.level:\n', 'c.yaml:1: log.level: expected debug, info, warn or error, got nothing'],
    ['log.level: &a info\nlog.format: *a\n', 'c.yaml:2: log.format: expected text or json, got an alias'],
    ['volumes.max: 0x10\n', 'c.yaml:1: volumes.max: expected a whole number from 0 to 100000, got "0x10"'],
    ['log.level: info\nlog: {level: warn}\n', 'c.yaml:2: log.level: given twice in this file'],
    ['replay: /x\n', 'c.yaml:1: replay: unknown option'],
    ['- log.level\n', 'c.yaml:1: expected options, such as "log.level: debug"'],
    ['text\n', 'c.yaml:1: expected options, such as "log.level: debug"'],
  ])('refuses %j', (yaml, problem) => {
    expect(yamlProblems(yaml)).toEqual([problem]);
  });

  it.each([
    ['log.level: info\nlog.level: warn\n', 'c.yaml:2: invalid YAML: Map keys must be unique'],
    ['web.listen-address: [::1]:1\n', 'c.yaml:1: invalid YAML:'],
    ['log.level: !secret info\n', 'c.yaml:1: invalid YAML: Unresolved tag'],
    ['a: &a {b: *a}\n', 'c.yaml:1'],
    ['a: b: c', 'c.yaml:1: invalid YAML:'],
  ])('names the line of %j', (yaml, problem) => {
    expect(yamlProblems(yaml)[0]).toContain(problem);
  });

  it('says which origin named a file that cannot be read', () => {
    expect(problems([], { THINPOOL_CONFIG_FILE: '/no' })).toEqual([
      'THINPOOL_CONFIG_FILE: cannot read the file: no such file or directory: /no',
    ]);
  });
});

describe('everything wrong at once', () => {
  it('names each place', () => {
    const found = problems(
      ['chek', '--volumes.max=many', '--colour', '--config.file=c.yaml'],
      { THINPOOL_POOLS_MISSING_RETENTION: '5' },
      { 'c.yaml': 'log:\n  level: loud\nweb.telemetry-path: metrics\n' },
    );
    expect(found).toHaveLength(6);
    expect(found.map((problem) => problem.split(':').slice(0, 2).join(':'))).toEqual([
      'chek: unknown command, expected one of serve, check, room, plan, top, textfile, config, notify, doctor, capture, rules, dashboards, runbooks, demo (did you mean check?)',
      '--colour: unknown option',
      '--volumes.max: expected a whole number from 0 to 100000, got "many"',
      'THINPOOL_POOLS_MISSING_RETENTION: expected a duration from 1s to 30d, such as 5s or 1m30s, got "5"',
      'c.yaml:2',
      'c.yaml:3',
    ]);
  });
});

describe('rules over several options', () => {
  it('wants the interval longer than the timeout, and says what to change', () => {
    expect(problems(['--collector.pools.interval=2s', '--collector.lvm.timeout=1m'])).toEqual([
      '--collector.pools.interval (2s) must be longer than --collector.pools.timeout (4s): raise one or lower the other',
      '--collector.lvm.interval (1m) must be longer than --collector.lvm.timeout (1m): raise one or lower the other',
    ]);
  });

  it('does not mind a collector that is off', () => {
    expect(run(['--collector.pools.interval=2s', '--collector.pools=off']).kind).toBe('run');
  });

  it('wants intervals of a second at least', () => {
    expect(problems(['--collector.pools.interval=500ms'])[0]).toContain('from 1s to 1d');
  });
});

describe('minimum free', () => {
  it('are one a pool', () => {
    const argv = ['--minimum-free=10%,p=5%,p=6%', '--minimum-free=q=1%,3%'];
    expect(problems(argv)).toEqual([
      '--minimum-free: given twice for pool p (5% and 6%); keep one',
      '--minimum-free: given twice for all pools (10% and 3%); keep one',
    ]);
  });
});

describe('levels of nearly full', () => {
  it('rise from warning to critical', () => {
    expect(problems(['--nearly-full.critical=80'])).toEqual([
      '--nearly-full.critical (80%) must be higher than --nearly-full.warning (85%): raise one or lower the other',
    ]);
    expect(run(['--nearly-full.warning=70', '--nearly-full.critical=80']).kind).toBe('run');
  });
});

describe('where to post alerts', () => {
  it('is given with one flag or several, and with labels', () => {
    const { config } = run([
      '--alertmanager.url=http://a:9093',
      '--alertmanager.url=https://b/prefix/',
      '--alertmanager.label=instance=host:9876,job=',
    ]);
    expect(config.alertmanagers?.map(({ href }) => href)).toEqual(['http://a:9093/', 'https://b/prefix/']);
    expect(config.alertmanagerLabels).toEqual([
      { name: 'instance', value: 'host:9876' },
      { name: 'job', value: '' },
    ]);
  });

  it('is refused where it would say two things, or what the rules say', () => {
    expect(problems(['--alertmanager.url=http://a:9093,http://A:9093/'])).toEqual([
      '--alertmanager.url: http://a:9093/ is given twice; keep one',
    ]);
    expect(problems(['--alertmanager.label=job=a,job=b,severity=warning'])).toEqual([
      '--alertmanager.label: job is given twice; keep one',
      '--alertmanager.label: severity is reserved for the alert rules; expected a label that Prometheus adds, such as job',
    ]);
  });

  it('shows no password of an address that it refuses', () => {
    const [problem = ''] = problems(['--alertmanager.url=http://me:se/cr@t@a:9093']);
    expect(problem).toContain('got "http://...@a:9093"');
    expect(problem).not.toContain('se/cr');
  });
});
