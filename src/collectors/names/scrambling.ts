import { type Scrambling, scrambleJson, scrambleLines, wordsIn } from '../shared/scrambling.ts';

export const scrambling: Scrambling = {
  vocabulary: {
    names: wordsIn(`
      etc pve nodes qemu server lxc conf name hostname libvirt xml source dev disk domain
      vm base snap state cloudinit fleece containers virtual machines custom images block iso default pvc pm private root
      volatile back import volume snapshot thin fs stratis mapper proc self mountinfo kubelet pods volumes plugins
      kubernetes io csi local pv globalmount mount volumedevices vol data json drivername volumelifecyclemode persistent
      ephemeral qubes dom0 incusthinpool lxdthinpool drbdpool cinder volumes amp lt gt quot apos topolvm openebs linstor linbit com cybozu run udev links guests domains mounts ext4 xfs rw ro relatime
    `),
    text: wordsIn(`
      grep no such file or directory permission denied is a binary matches input output error transport endpoint connected
      warning recursive loop
    `),
  },
  scramble: (text, { name, text: message }, { key }) => {
    if (key !== 'links') return scrambleLines(text, name);
    // udev's records say much else of a device, which is not read.
    const link = (line: string) => (line.startsWith('S:stratis/') ? `S:${name(line.slice(2))}\n` : '');
    const place = (path: string) => (/^\/run\/udev\/data\/b\d+:\d+$/.test(path) ? path : name(path));
    return scrambleJson(text, (value) => value.split('\n').map(link).join(''), place, message);
  },
};
