/** The first descriptor that is passed on (sd_listen_fds(3)). */
const first = 3;

/** The descriptors that systemd passed on to this process. Throws where there are none, and says why. */
export function inheritedSockets(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): readonly { readonly fd: number }[] {
  const { LISTEN_PID: receiver, LISTEN_FDS: count = '' } = environment;
  if (receiver === undefined)
    throw new Error('--web.systemd-socket: systemd passed on no socket: start it by a unit of type socket');
  if (receiver !== String(pid))
    throw new Error(`--web.systemd-socket: LISTEN_PID is ${receiver}, this is process ${pid}`);
  if (!/^[1-9]\d{0,2}$/.test(count))
    throw new Error(`--web.systemd-socket: expected the number of sockets in LISTEN_FDS, got "${count}"`);
  return Array.from({ length: Number(count) }, (_, at) => ({ fd: first + at }));
}
