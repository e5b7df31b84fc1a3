/**
 * Removes what this program does not read and a scrambler cannot rename: the kernel log names hardware and programs, docker
 * info names registries, proxies and nodes.
 */
export function reduce(source: string, text: string): string {
  if (source === 'kmsg') return reduceKernelLog(text);
  if (source === 'docker')
    return text.trimStart().startsWith('{') ? reduceDockerJson(text) : reduceDockerText(text);
  return text;
}

/** Messages of device-mapper, of file systems and block devices, and stacks of tasks that hang. */
const storage =
  /^#|device-mapper|\b(?:XFS|EXT4-fs|JBD2|Buffer I\/O|INFO: task|Call Trace|<\/?TASK>)|(?:I\/O|space allocation|write|writeback) error|\+0x[0-9a-f]+\/0x/;

function reduceKernelLog(text: string): string {
  return text.replaceAll(/^.*\n?/gm, (line) => (storage.test(line) ? line : ''));
}

const dockerKeys: readonly string[] = [
  'Driver',
  'DriverStatus',
  'ServerVersion',
  'ServerErrors',
  'ClientErrors',
  'Warnings',
  'KernelVersion',
  'OperatingSystem',
  'OSType',
  'Architecture',
  'store',
];

function reduceDockerJson(text: string): string {
  try {
    const info: unknown = JSON.parse(text);
    const rows = Object.entries(info ?? {}).filter(([key]) => dockerKeys.includes(key));
    return `${JSON.stringify(Object.fromEntries(rows))}\n`;
  } catch {
    return text;
  }
}

const dockerLine =
  /^\s*(?:Server|Client):\s*$|^\s*(?:Server Version|Storage Driver|Kernel Version|Operating System|OSType|Architecture):|^(?:ERROR|WARNING|error)/;

/** Keeps lines by their keys, and the lines indented under the storage driver. */
function reduceDockerText(text: string): string {
  let blockIndent: number | undefined;
  return text.replaceAll(/^.*\n?/gm, (line) => {
    const indent = line.length - line.trimStart().length;
    if (blockIndent !== undefined && indent > blockIndent) return line;
    blockIndent = /^\s*Storage Driver:/.test(line) ? indent : undefined;
    return dockerLine.test(line) ? line : '';
  });
}
