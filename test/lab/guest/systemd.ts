import type { Lab } from './lab.ts';

/**
 * systemd as the first process of a namespace of processes in the guest, with no unit of this machine, and a lab whose
 * commands run in there: their daemons live beside systemd's services, and are seen by them.
 */
export async function startSystemd(lab: Lab): Promise<Lab> {
  await lab.sh('rm -rf /etc/systemd/system/*.wants /lib/systemd/system-generators/*');
  await lab.sh(
    `cat >/etc/systemd/system/lab.target <<'UNIT'
[Unit]
DefaultDependencies=no
UNIT`,
  );
  const flags = '--system --unit=lab.target --log-target=console --show-status=no';
  await lab.sh(
    `env container=lab unshare --pid --fork --mount-proc /lib/systemd/systemd ${flags} >/out/systemd.log 2>&1 &
echo $! >/run/lab-unshare`,
  );
  await lab.sh('until pgrep -P $(cat /run/lab-unshare) >/run/lab-systemd; do sleep 0.2; done');
  const enter = ['nsenter', '-t', (await lab.sh('cat /run/lab-systemd')).trim(), '-p', '-m', '--'];
  const inner: Lab = {
    ...lab,
    run: (argv, options) => lab.run([...enter, ...argv], options),
    sh: async (script, options) => {
      const { exitCode, stdout, stderr, lost } = await inner.run(['bash', '-c', script], options);
      if (exitCode === 0) return stdout;
      throw new Error(`${script}: exit ${exitCode} ${lost ?? ''} ${stderr.trim()}`);
    },
  };
  await inner.sh('until systemctl is-active --quiet lab.target; do sleep 0.5; done', { timeoutMs: 90_000 });
  return inner;
}
