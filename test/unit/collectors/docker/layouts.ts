// Hand-written: layouts of releases of which no capture is at hand, after the source of docker/cli and moby and after
// what users of those releases quote in public bug reports. Only the lines around the storage driver are kept.

/** 1.2: binary units, loop images where later releases name the devices, no version. */
export const docker1_2 = `Containers: 0
Images: 0
Storage Driver: devicemapper
 Pool Name: docker-8:1-385640-pool
 Pool Blocksize: 64 Kb
 Data file: /var/lib/docker/devicemapper/devicemapper/data
 Metadata file: /var/lib/docker/devicemapper/devicemapper/metadata
 Data Space Used: 291.5 Mb
 Data Space Total: 102400.0 Mb
 Metadata Space Used: 0.7 Mb
 Metadata Space Total: 2048.0 Mb
Execution Driver: native-0.2
Kernel Version: 3.16.1-1-ARCH
Operating System: Arch Linux
WARNING: No swap limit support
`;

/** 1.12 on loop files, with stderr merged into it: the warning stands amid the pairs. */
export const docker1_12 = `Containers: 0
 Running: 0
 Paused: 0
 Stopped: 0
Images: 97
Server Version: 1.12.1
Storage Driver: devicemapper
 Pool Name: docker-253:1-650320-pool
 Pool Blocksize: 65.54 kB
 Base Device Size: 10.74 GB
 Backing Filesystem: xfs
 Data file: /dev/loop0
 Metadata file: /dev/loop1
 Data Space Used: 5.223 GB
 Data Space Total: 107.4 GB
 Data Space Available: 44.74 GB
 Metadata Space Used: 6.988 MB
 Metadata Space Total: 2.147 GB
 Metadata Space Available: 2.14 GB
 Thin Pool Minimum Free Space: 10.74 GB
 Udev Sync Supported: true
 Deferred Removal Enabled: false
 Deferred Deletion Enabled: false
 Deferred Deleted Device Count: 0
 Data loop file: /var/lib/docker/devicemapper/devicemapper/data
 WARNING: Usage of loopback devices is strongly discouraged for production use. Use \`--storage-opt dm.thinpooldev\` to specify a custom block storage device.
 Metadata loop file: /var/lib/docker/devicemapper/devicemapper/metadata
 Library Version: 1.02.107-RHEL7 (2015-10-14)
Logging Driver: json-file
Cgroup Driver: cgroupfs
`;

/** 17.11 to 18.09: no space before units, files before sizes, and no file lines for an LVM pool. */
export const docker18_06 = `Containers: 7
 Running: 1
 Paused: 0
 Stopped: 6
Images: 2
Server Version: 18.06.1-ce
Storage Driver: devicemapper
 Pool Name: docker-thinpool
 Pool Blocksize: 524.3kB
 Base Device Size: 10.74GB
 Backing Filesystem: xfs
 Udev Sync Supported: true
 Data Space Used: 6.162GB
 Data Space Total: 94.48GB
 Data Space Available: 88.31GB
 Metadata Space Used: 860.2kB
 Metadata Space Total: 994.1MB
 Metadata Space Available: 993.2MB
 Thin Pool Minimum Free Space: 9.448GB
 Deferred Removal Enabled: true
 Deferred Deletion Enabled: true
 Deferred Deleted Device Count: 2
 Library Version: 1.02.149-RHEL7 (2018-07-20)
Logging Driver: json-file
Cgroup Driver: cgroupfs
Plugins:
 Volume: local
`;

/** 19.03: sections, and all of it one space deeper; the warning, of two lines, after everything else. */
export const docker19_03 = `Client:
 Debug Mode: false

Server:
 Containers: 1
  Running: 0
  Paused: 0
  Stopped: 1
 Images: 1
 Server Version: 19.03.12
 Storage Driver: devicemapper
  Pool Name: docker-253:1-423624832-pool
  Pool Blocksize: 65.54kB
  Base Device Size: 10.74GB
  Backing Filesystem: xfs
  Udev Sync Supported: true
  Data file: /dev/loop0
  Metadata file: /dev/loop1
  Data loop file: /var/lib/docker/devicemapper/devicemapper/data
  Metadata loop file: /var/lib/docker/devicemapper/devicemapper/metadata
  Data Space Used: 22.61MB
  Data Space Total: 107.4GB
  Data Space Available: 107.4GB
  Metadata Space Used: 17.37MB
  Metadata Space Total: 2.147GB
  Metadata Space Available: 2.13GB
  Thin Pool Minimum Free Space: 10.74GB
  Deferred Removal Enabled: true
  Deferred Deletion Enabled: true
  Deferred Deleted Device Count: 0
  Library Version: 1.02.164-RHEL7 (2019-08-27)
 Logging Driver: json-file
 Cgroup Driver: cgroupfs
 Plugins:
  Volume: local
 Labels:
 Experimental: false
 Live Restore Enabled: false

WARNING: the devicemapper storage-driver is deprecated, and will be removed in a future release.
WARNING: devicemapper: usage of loopback devices is strongly discouraged for production use.
         Use \`--storage-opt dm.thinpooldev\` to specify a custom block storage device.
`;

/** 20.10: plugins of the client come first. The pool's status could not be read, so every size is 0. */
export const docker20_10Unreadable = `Client:
 Context:    default
 Debug Mode: false
 Plugins:
  app: Docker App (Docker Inc., v0.9.1-beta3)
  buildx: Docker Buildx (Docker Inc., v0.8.1-docker)

Server:
 Containers: 3
  Running: 3
  Paused: 0
  Stopped: 0
 Images: 4
 Server Version: 20.10.24
 Storage Driver: devicemapper
  Pool Name: docker-thinpool
  Pool Blocksize: 0B
  Base Device Size: 10.74GB
  Backing Filesystem: xfs
  Udev Sync Supported: true
  Data Space Used: 0B
  Data Space Total: 0B
  Data Space Available: 0B
  Metadata Space Used: 0B
  Metadata Space Total: 0B
  Metadata Space Available: 0B
  Thin Pool Minimum Free Space: 0B
  Deferred Removal Enabled: true
  Deferred Deletion Enabled: true
  Deferred Deleted Device Count: 1
  Library Version: 1.02.185 (2022-05-18)
 Logging Driver: json-file
`;

/** 23 and 24: the client prints its version, which is not the daemon's. */
export const docker24 = `Client: Docker Engine - Community
 Version:    24.0.5
 Context:    default
 Debug Mode: false
 Plugins:
  buildx: Docker Buildx (Docker Inc.)
    Version:  v0.11.2
    Path:     /usr/libexec/docker/cli-plugins/docker-buildx

Server:
 Containers: 1
  Running: 1
  Paused: 0
  Stopped: 0
 Images: 1
 Server Version: 23.0.6
 Storage Driver: devicemapper
  Pool Name: vg--data-docker--pool
  Pool Blocksize: 65.54kB
  Base Device Size: 21.47GB
  Backing Filesystem: ext4
  Udev Sync Supported: true
  Data Space Used: 1.821GB
  Data Space Total: 10.2GB
  Data Space Available: 8.379GB
  Metadata Space Used: 10.64MB
  Metadata Space Total: 104.9MB
  Metadata Space Available: 94.22MB
  Thin Pool Minimum Free Space: 0B
  Deferred Removal Enabled: true
  Deferred Deletion Enabled: true
  Deferred Deleted Device Count: 0
  Library Version: 1.02.175-RHEL8 (2021-01-28)
 Logging Driver: json-file
 Cgroup Driver: systemd
 Cgroup Version: 2
`;

/** Any release from 1.13 on, and \`GET /info\`: the same pairs. */
export const dockerJson = `${JSON.stringify({
  ID: 'AAAA:BBBB',
  Containers: 7,
  Driver: 'devicemapper',
  DriverStatus: [
    ['Pool Name', 'docker-thinpool'],
    ['Pool Blocksize', '524.3kB'],
    ['Base Device Size', '10.74GB'],
    ['Backing Filesystem', 'xfs'],
    ['Udev Sync Supported', 'true'],
    ['Data Space Used', '6.162GB'],
    ['Data Space Total', '94.48GB'],
    ['Data Space Available', '88.31GB'],
    ['Metadata Space Used', '860.2kB'],
    ['Metadata Space Total', '994.1MB'],
    ['Metadata Space Available', '993.2MB'],
    ['Thin Pool Minimum Free Space', '9.448GB'],
    ['Deferred Removal Enabled', 'true'],
    ['Deferred Deletion Enabled', 'true'],
    ['Deferred Deleted Device Count', '2'],
    ['Library Version', '1.02.149-RHEL7 (2018-07-20)'],
  ],
  Plugins: { Volume: ['local'] },
  ServerVersion: '18.06.1-ce',
  Warnings: null,
})}\n`;
