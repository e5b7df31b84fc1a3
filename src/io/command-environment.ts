/** Variables that configure the commands. No other is passed on, because the environment may contain secrets. */
const passedOn = [
  'HOME',
  'DOCKER_HOST',
  'DOCKER_CONFIG',
  'DOCKER_CONTEXT',
  'DOCKER_CERT_PATH',
  'DOCKER_TLS_VERIFY',
  'LVM_SYSTEM_DIR',
  'DM_DISABLE_UDEV',
] as const;

/** Where the programs of a system are. */
export const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The environment of every command: the C locale, and the directories of system tools, which a user's PATH may lack. */
export function commandEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of passedOn) {
    const value = env[name];
    if (value !== undefined) kept[name] = value;
  }
  const path = env['PATH'] === undefined ? systemPath : `${env['PATH']}:${systemPath}`;
  return { ...kept, PATH: path, LC_ALL: 'C', LVM_SUPPRESS_FD_WARNINGS: '1' };
}
