/** What `docker info` says of the storage driver and of versions. It also names registries, proxies and nodes. */
export function redactInfo(text: string): string {
  return text.trimStart().startsWith('{') ? redactJson(text) : redactText(text);
}

const keptKeys: readonly string[] = [
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

function redactJson(text: string): string {
  try {
    const info: unknown = JSON.parse(text);
    const rows = Object.entries(info ?? {}).filter(([key]) => keptKeys.includes(key));
    return `${JSON.stringify(Object.fromEntries(rows))}\n`;
  } catch {
    return text;
  }
}

const keptLine =
  /^\s*(?:Server|Client):\s*$|^\s*(?:Server Version|Storage Driver|Kernel Version|Operating System|OSType|Architecture):|^(?:ERROR|WARNING|error)/;

/** Keeps lines by their keys, and what stands indented under the storage driver. */
function redactText(text: string): string {
  let blockIndent: number | undefined;
  return text.replaceAll(/^.*\n?/gm, (line) => {
    const indent = line.length - line.trimStart().length;
    if (blockIndent !== undefined && indent > blockIndent) return line;
    blockIndent = /^\s*Storage Driver:/.test(line) ? indent : undefined;
    return keptLine.test(line) ? line : '';
  });
}
