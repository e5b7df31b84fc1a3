import { describe, expect, it } from 'vitest';
import { cycleSeconds } from '../../../demo/story/time.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';

function start(...args: string[]) {
  return load({ argv: ['demo', ...args], environment: {}, readText: () => '', collectors });
}

describe('the options of the demo', () => {
  it('are its own, and those of the exporter', () => {
    const args = ['--log.level', 'debug', '--speed', '20', '--for=5m', '--from', '90', '--volumes.max=1'];
    expect(start(...args, '--web.listen-address=:1')).toMatchObject({
      command: 'demo',
      config: {
        demoSpeed: 20,
        demoFrom: 90,
        demoForMs: 300_000,
        demoWithoutAlerting: false,
        demoKeepFiring: false,
        logLevel: 'debug',
        maxVolumes: 1,
        listen: [{ port: 1 }],
      },
    });
    expect(start('--story=proxmox')).toMatchObject({ config: { demoStory: 'proxmox' } });
    expect(start()).toMatchObject({ config: { demoStory: 'docker', demoSpeed: 1, demoFrom: 0 } });
    expect(start('--no-alerting', '--keep-firing')).toMatchObject({
      config: { demoWithoutAlerting: true, demoKeepFiring: true },
    });
    expect(start('--speed=0.5', `--from=${cycleSeconds}`)).toMatchObject({ kind: 'run' });
  });

  it.each([
    [['--story=qubes'], '--story: expected docker or proxmox, got "qubes"'],
    [['--speed', 'fast'], '--speed: expected a number from 0.1 to 60, got "fast"'],
    [['--speed=0'], '--speed: expected a number from 0.1 to 60, got "0"'],
    [[`--from=${cycleSeconds + 1}`], '--from: expected a whole number from 0 to 240, got "241"'],
    [['--for', '8'], '--for: expected a duration from 1s to 1d, such as 5s or 1m30s, got "8"'],
    [['--for'], '--for: expected a duration from 1s to 1d, such as 5s or 1m30s, got nothing'],
    [['--json'], '--json: not an option of demo; it is used by check, room, plan, top'],
  ])('%j is refused with a sentence', (args, sentence) => {
    expect(start(...args)).toEqual({ kind: 'wrong', problems: [sentence] });
  });

  it('are of no other command', () => {
    const wrong = load({ argv: ['serve', '--speed=2'], environment: {}, readText: () => '', collectors });
    expect(wrong).toEqual({
      kind: 'wrong',
      problems: ['--speed: not an option of serve; it is used by demo'],
    });
  });
});
