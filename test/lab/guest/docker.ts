import type { Lab } from './lab.ts';

const options = [
  // No udev here, no iptables, and nothing that needs a network.
  '--storage-opt dm.override_udev_sync_check=true',
  '--iptables=false --exec-root /run/docker',
].join(' ');

/** Starts dockerd with the devicemapper driver and waits until it answers; containers have no network by default. */
export async function startDocker(lab: Lab, storage: string, network = '--bridge=none'): Promise<void> {
  await lab.sh('mkdir -p /var/lib/containerd && mount -t tmpfs tmpfs /var/lib/containerd');
  await lab.sh(
    `dockerd --storage-driver=devicemapper ${storage} ${options} ${network} >/out/dockerd.log 2>&1 & echo $! >/run/lab-dockerd`,
  );
  await lab.sh(
    'until docker version >/dev/null 2>&1; do sleep 0.5; kill -0 $(cat /run/lab-dockerd) || exit 1; done',
    {
      timeoutMs: 90_000,
    },
  );
}

export async function stopDocker(lab: Lab): Promise<void> {
  await lab.sh(
    'kill $(cat /run/lab-dockerd); for i in $(seq 40); do [ -d /proc/$(cat /run/lab-dockerd) ] || exit 0; sleep 0.5; done; exit 1',
  );
}

/** An image with nothing but busybox, and containers of it that do nothing. */
export async function runContainers(lab: Lab, names: readonly string[]): Promise<void> {
  await lab.sh('tar c -C / usr/bin/busybox | docker import - busybox', { timeoutMs: 60_000 });
  for (const name of names) {
    await lab.sh(`docker run -d --name ${name} --network none busybox /usr/bin/busybox sleep 9999`, {
      timeoutMs: 60_000,
    });
  }
  // What starting them wrote would else go to the pool bit by bit for half a minute, and used blocks with it.
  await lab.sh('sync', { timeoutMs: 60_000 });
}
