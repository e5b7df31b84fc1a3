import { expect, it, vi } from 'vitest';
import { openSmtp } from '../../../../src/notify/send/smtp.ts';
import { makeReceiver } from '../support.ts';

vi.mock('../../../../src/alerting/push/lookups.ts', () => ({ shareLookups: () => () => {} }));

it('a mail server that cannot be connected to is given up at its timeout', { timeout: 3000 }, async () => {
  const send = openSmtp(
    {
      ...makeReceiver(),
      type: 'email',
      server: { host: 'mail.example.org', port: 25 },
      encryption: 'none',
      from: 'thinpool@db1.example',
      to: 'ops@example.org',
      timeoutMs: 100,
    },
    'db1',
  );
  expect(await send({ from: 'a@b', to: 'c@d', raw: Buffer.from('') })).toEqual({
    outcome: 'timed-out',
    why: 'no response within 100 ms',
  });
});
