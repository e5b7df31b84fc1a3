import { describe, expect, it } from 'vitest';
import { readNotifyFile } from '../../../../src/notify/file/read.ts';

const codes = ['data-full', 'nearly-full'];
const read = (text: string) => readNotifyFile(text, 'n.yaml', codes);

const whole = `receivers:
  - name: phone
    format: ntfy
    url: https://ntfy.example/ops
    token_file: ntfy.token
    timeout: 5s
    repeat_interval: 1h
    send_resolved: false
    quiet_hours:
      - from: "22:00"
        to: "07:00"
        days: [Sat, Sun]
        time_zone: Europe/Berlin
  - name: chat
    type: webhook
    format: slack
    url_file: chat.url
routes:
  - receivers: [phone]
    severities: critical
  - receivers: [chat]
    severities: [critical, warning]
    pools: ['docker-*']
    codes: [data-full]
`;

describe('a file', () => {
  it('has receivers and routes', () => {
    const { file, problems } = read(whole);
    expect(problems).toEqual([]);
    expect(file.receivers).toMatchObject([
      { where: 'n.yaml:2: receivers.phone', name: 'phone', problems: [] },
      { where: 'n.yaml:14: receivers.chat', name: 'chat', problems: [] },
    ]);
    expect(file.routes).toMatchObject([
      { receivers: ['phone'], severities: ['critical'] },
      {
        receivers: ['chat'],
        severities: ['critical', 'warning'],
        pools: [/^docker-.*$/su],
        codes: ['data-full'],
      },
    ]);
  });

  it('without routes sends critical alerts and warnings to all', () => {
    const { file } = read('receivers: [{ name: a, url: "http://a" }, { name: b, url: "http://b" }]');
    expect(file.routes).toEqual([{ receivers: ['a', 'b'], severities: ['critical', 'warning'] }]);
  });
});

const mail = 'type: email, server: mail.example.org, from: a@b.example, to: c@d.example';
const with_ = (line: string) => `receivers:\n  - name: a\n    url: http://a\n    ${line}\n`;

describe('what is wrong is named', () => {
  it.each([
    ['', 'n.yaml:1: expected receivers, a sequence with at least one entry'],
    ['receivers: []', 'n.yaml:1: expected receivers, a sequence with at least one entry'],
    ['[1]', 'n.yaml:1: expected receivers, a sequence with at least one entry'],
    ['receivers: x', 'n.yaml:1: receivers: expected a sequence, got a plain value'],
    [
      'reciever: []',
      'n.yaml:1: file.reciever: unknown field, expected one of receivers, routes (did you mean receivers?)',
    ],
    ['receivers: [x]', /n\.yaml:1: receivers: expected a mapping with name, type.*, got a plain value/],
    [
      'receivers:\n  - url: http://a',
      'n.yaml:2: receivers: name is missing: expected a name of letters, digits and . _ -, up to 64 characters',
    ],
    [with_('fromat: json'), /^n\.yaml:4: receivers\.fromat: unknown field, .*\(did you mean format\?\)$/],
    [
      with_('format: pigeon'),
      /^n\.yaml:4: receivers\.format: expected json, .* or apprise, got another value$/,
    ],
    ['receivers: [{ name: a, url: x }]', /receivers\.url: expected a URL without/],
    [with_('timeout: 1d'), /^n\.yaml:4: receivers\.timeout: expected a duration/],
    [
      with_('quiet_hours: [{ from: "25:00", to: "07:00" }]'),
      /receivers\.quiet_hours\.from: expected a time of day/,
    ],
    [with_('quiet_hours: [{ from: "22:00" }]'), /receivers\.quiet_hours: to is missing/],
    [
      with_('quiet_hours: [{ from: "22:00", to: "07:00", time_zone: Berlin }]'),
      /time_zone: expected a time zone/,
    ],
    [with_('quiet_hours: [{ from: "22:00", to: "07:00", days: [Fun] }]'), /days: expected Mon, Tue/],
    [
      with_('format: slack'),
      'n.yaml:2: receivers.a: expected url_file: the URL of slack is a secret, and belongs in a file of its own',
    ],
    [with_('url_file: x'), 'n.yaml:2: receivers.a: url and url_file are both set; keep one'],
    ['receivers: [{ name: a }]', 'n.yaml:1: receivers.a: expected url or url_file'],
    [
      'receivers: [{ name: a, format: telegram, url_file: x }]',
      'n.yaml:1: receivers.a: expected chat_id for format telegram',
    ],
    [
      with_('token_file: x\n    basic_auth_file: y'),
      'n.yaml:2: receivers.a: token_file and basic_auth_file are both set; keep one',
    ],
    [
      'receivers: [{ name: a, type: mail, server: x }]',
      'n.yaml:1: receivers.type: expected webhook, email or exec',
    ],
    [
      `receivers: [{ name: a, ${mail}, url: "http://a" }]`,
      /receivers\.url: unknown field, expected one of name, .*password_file/,
    ],
    [
      'receivers: [{ name: a, type: email, from: a@b, to: c@d }]',
      /receivers: server is missing: expected a mail/,
    ],
    ...['mail:0', 'mail:65536', 'http://mail', '[mail]:25', '::1', 'a b'].map((server): [string, RegExp] => [
      `receivers: [{ name: a, type: email, server: "${server}", from: a@b, to: c@d }]`,
      /receivers\.server: expected a mail server such as/,
    ]),
    ...['a', 'a@b, c@d', 'Ops <a@b>', 'a b@c', 'a@b\\nBcc: x', '@b'].map((to): [string, RegExp] => [
      `receivers: [{ name: a, type: email, server: s, from: a@b, to: "${to}" }]`,
      /receivers\.to: expected one mail address without a name/,
    ]),
    [
      `receivers: [{ name: a, ${mail}, user: me }]`,
      'n.yaml:1: receivers.a: expected both user and password_file, or neither',
    ],
    [
      `receivers: [{ name: a, ${mail}, user: me, password_file: x, encryption: none }]`,
      'n.yaml:1: receivers.a: a password is not sent over an unencrypted connection; set encryption to starttls or tls',
    ],
    [
      `receivers: [{ name: a, ${mail}, ca_file: x, encryption: none }]`,
      'n.yaml:1: receivers.a: ca_file has no effect with encryption none; remove one',
    ],
    ...['notify', './notify', '../notify', '~/notify'].map((program): [string, string] => [
      `receivers: [{ name: a, type: exec, program: "${program}" }]`,
      'n.yaml:1: receivers.program: expected the absolute path of a program, got another value',
    ]),
    ['receivers: [{ name: a, type: exec }]', /receivers: program is missing/],
    [
      `receivers: [{ name: a, type: exec, program: /bin/true, args: [${'x, '.repeat(21)}] }]`,
      'n.yaml:1: receivers.a: expected at most 20 args',
    ],
    [
      'receivers: [{ name: a, url: "http://a" }, { name: a, url: "http://b" }]',
      'n.yaml:1: receivers.a: given twice; keep one',
    ],
    [
      `${with_('')}routes: [{ receivers: [b] }]`,
      'n.yaml:5: routes.receivers: b: there is no such receiver (did you mean a?)',
    ],
    [`${with_('')}routes: [{ severities: critical }]`, /routes: receivers is missing/],
    [
      `${with_('')}routes: [{ receivers: a, codes: [data-ful] }]`,
      'n.yaml:5: routes.codes: data-ful: unknown code (did you mean data-full?)',
    ],
  ])('%j', (text, problem) => {
    expect(read(text).problems).toEqual([
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ]);
  });

  it('for a file of too many receivers', () => {
    const many = Array.from({ length: 21 }, (_, at) => `{ name: r${at}, url: "http://a" }`);
    expect(read(`receivers: [${many.join(', ')}]`).problems).toEqual([
      'n.yaml: expected at most 20 receivers',
    ]);
  });

  it.each([
    with_('token_file: [s3cret]'),
    with_('timeout: s3cret'),
    'receivers: [{ name: a, url: "https://me:s3cret@host/" }]',
    'receivers: [{ name: a, url: "https://host/?token=s3cret" }]',
    'receivers: [{ name: "s3cret!", url: "http://a" }]',
    'receivers: [{ name: a, url: *s3cret }]',
    'receivers: {{ s3cret',
  ])('and no value is quoted: %j', (text) => {
    const { problems } = read(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.join('\n')).not.toContain('s3cret');
  });
});
