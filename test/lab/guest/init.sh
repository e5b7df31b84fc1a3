#!/bin/sh
# PID 1 of the guest. It makes a machine with device-mapper out of the host's read-only file system, or out of the image
# of another suite (LAB_SUITE), runs the program it is given, and powers off. Everything it needs comes as LAB_* in the
# environment.

BB=$LAB_TOOLS/usr/bin/busybox
MODULES=$(echo "$LAB_TOOLS"/usr/lib/uml/modules/*/kernel)

if [ -z "$LAB_INSIDE" ] && [ -z "$LAB_SUITE" ]; then
  # The root is the host's own: anything written to it would be written there, hence the layer above it.
  # The tools are mounted on their own, as overlayfs refuses a layer inside another one.
  $BB mount -t tmpfs -o size=75% tmpfs /mnt
  $BB mkdir /mnt/tools /mnt/up /mnt/work /mnt/root
  $BB mount -t hostfs -o "$LAB_TOOLS" none /mnt/tools
  $BB insmod "$MODULES/fs/overlayfs/overlay.ko"
  $BB mount -t overlay -o lowerdir=/mnt/tools:/,upperdir=/mnt/up,workdir=/mnt/work overlay /mnt/root
  $BB mkdir -p /mnt/root/lab-host /mnt/root/out
  cd /mnt/root || exit 1
  $BB pivot_root . lab-host
  export LAB_INSIDE=1
  # Not busybox's sh: it runs its tools as /proc/self/exe, which until /proc is mounted is the host's: this kernel.
  exec $BB chroot . /bin/sh "$LAB_INIT"
fi

export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C TERM="${TERM:-linux}"
# There is no udev: LVM, dmsetup and dockerd have to make their own nodes, and not to wait for it.
export DM_DISABLE_UDEV=1

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mountpoint -q /dev || mount -t devtmpfs dev /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
mount -t tmpfs tmpfs /run
mkdir -p /run/lock /run/lvm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
if [ -n "$LAB_SUITE" ]; then
  # Of the host's files only these are seen, where they are there. hostfs itself takes a folder differently since 6.12.
  for place in "$LAB_PROJECT" "$LAB_CACHE"; do
    mkdir -p "$place"
    mount --bind "/lab-host$place" "$place"
    mount -o remount,bind,ro "$place"
  done
  touch /usr/local/bin/node
  mount --bind "/lab-host$LAB_NODE" /usr/local/bin/node
  export LAB_NODE=/usr/local/bin/node
  mount --bind "/lab-host$LAB_OUT" /out
else
  mount -t hostfs -o "$LAB_OUT" none /out
fi
umount -l /lab-host
hostname lab
$BB ip link set lo up

[ -n "$LAB_WITHOUT_DM" ] || for module in md/dm-mod md/dm-bufio md/persistent-data/dm-persistent-data md/dm-bio-prison md/dm-thin-pool \
  md/dm-snapshot md/dm-flakey block/loop; do
  $BB insmod "$MODULES/drivers/$module.ko" || echo "lab: no module $module"
done

mkdir -p /etc/lvm
cat >/etc/lvm/lvmlocal.conf <<'CONF'
activation { udev_sync=0 udev_rules=0 verify_udev_operations=1 }
devices { scan=["/dev"] obtain_device_list_from_udev=0 external_device_info_source="none" }
CONF
# LVM older than 2.03.12 does not know it, and every command would say so.
! grep -q use_devicesfile /etc/lvm/lvm.conf || echo 'devices/use_devicesfile=0' >>/etc/lvm/lvmlocal.conf

echo "lab: guest is up"
if [ -n "$LAB_SHELL" ]; then
  echo "lab: /out is this machine's artifacts folder; leave with exit"
  $BB setsid $BB cttyhack bash -i || $BB sh -i
elif [ -n "$LAB_SCRIPT" ]; then
  bash /out/script.sh 2>&1 | tee /out/output.txt | sed -u 's/^/lab: /'
else
  "$LAB_NODE" "$LAB_AGENT"
fi

# Without -n it would sync first, and hang on a file system that is stuck; without the sync, /out could be lost.
$BB sync -f /out
$BB poweroff -f -n
