import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../../demo/options.ts';

describe('the options of the demo', () => {
  it('are its own, and the rest goes to the exporter in its order', () => {
    expect(
      parseOptions(['--log.level', 'debug', '--speed', '20', '--for=5m', '--from', '90', '--volumes.max=1']),
    ).toEqual({
      story: 'docker',
      speed: 20,
      from: 90,
      forMs: 300_000,
      alerting: true,
      keepFiring: false,
      rest: ['--log.level', 'debug', '--volumes.max=1'],
    });
    expect(parseOptions([])).toEqual({
      story: 'docker',
      speed: 1,
      from: 0,
      alerting: true,
      keepFiring: false,
      rest: [],
    });
    expect(parseOptions(['--story', 'proxmox'])).toMatchObject({ story: 'proxmox', rest: [] });
    expect(parseOptions(['--no-alerting', '--keep-firing'])).toMatchObject({
      alerting: false,
      keepFiring: true,
      rest: [],
    });
  });

  it.each([
    [['--story=qubes'], '--story must be docker or proxmox, not "qubes"'],
    [['--speed', 'fast'], '--speed must be a number from 0.1 to 60, not "fast"'],
    [['--speed=0'], '--speed must be a number'],
    [['--from', '241'], '--from must be a second of the story, 0 to 240, not "241"'],
    [['--for', '8'], '--for must be a duration such as 30s or 5m, not "8"'],
    [['--for'], '--for needs a value'],
  ])('%j is refused with a sentence', (args, sentence) => {
    expect(() => parseOptions(args)).toThrow(sentence);
  });
});
