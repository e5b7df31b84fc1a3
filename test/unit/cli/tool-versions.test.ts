import { describe, expect, it } from 'vitest';
import { readVersions, toolsOf } from '../../../src/cli/tool-versions.ts';
import { describeNeeds } from '../../../src/collectors/collector.ts';
import { collectors } from '../../../src/collectors/index.ts';
import type { Read } from '../../../src/io/read.ts';

const tools = toolsOf(collectors);

describe('tools', () => {
  it('are listed once, however many collectors need them', () => {
    expect(tools.map(({ of, isNeeded }) => [of, isNeeded])).toEqual([
      ['dmsetup', true],
      ['kernel', false],
      ['lvm', false],
      ['docker', false],
    ]);
  });

  it('are described for help and docs', () => {
    expect([...new Set(collectors.map(({ needs }) => describeNeeds(needs)))]).toEqual([
      'dmsetup (package dmsetup or device-mapper)',
      '/dev/kmsg (CAP_SYSLOG)',
      '/sys and /proc',
      'stat (package coreutils or busybox)',
      'df (package coreutils or busybox)',
      '/run/dmeventd.pid and /proc',
      'lvm (package lvm2)',
      'lvs and vgs (package lvm2)',
      'docker (package docker.io or docker-ce-cli), or the Docker socket',
      'grep (package grep)',
      'qm or virsh',
      'pgrep and grep (package procps and grep)',
    ]);
  });
});

describe('versions', () => {
  it.each([
    ['kernel', '{"/proc/sys/kernel/osrelease":"6.1.0-18-amd64\\n"}', '6.1.0-18-amd64'],
    ['dmsetup', 'Library version:   1.02.185 (2022-05-18)\nDriver version:    4.47.0\n', '1.02.185'],
    ['lvm', '  LVM version:     2.03.16(2) (2022-05-18)\n  Library version: 1.02.185\n', '2.03.16(2)'],
    ['docker', 'Docker version 20.10.24+dfsg1, build 297e128\n', '20.10.24+dfsg1'],
  ])('are read from the output of %s', async (name, stdout, version) => {
    const read: Read = () => ({
      result: Promise.resolve({ ok: true, output: { stdout, stderr: '', exitCode: 0, takenAt: 0 } }),
      exited: Promise.resolve(),
    });
    const found = await readVersions(collectors, read);
    expect(found.find(({ tool }) => tool.of === name)?.version).toBe(version);
  });
});
