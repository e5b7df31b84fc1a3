/** Programs that only read, with the arguments under which they do. */
const output: readonly RegExp[] = [
  /^dmsetup (?:table|info|deps|splitname)\b/,
  /^dmsetup status --noflush\b/,
  /^(?:lvs|vgs|pvs|lvmconfig|lvm systemid)\b/,
  /^docker (?:ps|inspect|system df)\b/,
  /^xargs -r (?:docker inspect|ps)\b/,
  /^thinpool-exporter (?:check|doctor|config)\b/,
  /^(?:dmesg|cat|ls|grep|sort|tail|head|cut|df|du|ps|lsblk|echo|curl -sm \d+)(?: |$)/,
  /^losetup --list\b/,
  /^journalctl -u\b/,
  /^openssl x509 -noout\b/,
  /^(?:timedatectl|chronyc tracking|date -u \+\S+)$/,
  /^(?:for|do|done|in)\b/,
];

/** Files that a reader may write: his own notes. */
const own = /> \/root\/\S+/;

/** The commands of a piece of shell that are not known only to read. */
export function changing(script: string): readonly string[] {
  return script
    .replaceAll(/(?:^|\s)#.*$/gm, '')
    .replaceAll(/'[^']*'|"[^"]*"/g, 'quoted')
    .replaceAll('2>/dev/null', '')
    .replaceAll('2>&1', '')
    .split(/\n|\||;|&&/)
    .map((command) =>
      command
        .trim()
        .replace(/^do /, '')
        .replaceAll(/\btimeout \d+ /g, ''),
    )
    .filter((command) => command !== '' && !/^(?:[A-Z]+=\S+\s*)+$/.test(command))
    .filter((command) => !(output.some((pattern) => pattern.test(command)) && isQuiet(command)));
}

function isQuiet(command: string): boolean {
  return !command.includes('>') || own.test(command);
}
