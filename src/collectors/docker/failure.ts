import { Denied, Exited, Unavailable, Unsupported } from '../shared/errors.ts';

// Messages of the docker client, by release: `flag provided but not defined` up to 1.12, `unknown flag` since;
// `Cannot connect to the Docker daemon` up to 28, `failed to connect to the docker API` since.
const isOld = /flag provided but not defined|unknown (shorthand )?flag/i;
const isDenied = /permission denied/i;
const isUnreachable =
  /cannot connect to the docker daemon|failed to connect to the docker api|is the docker daemon running|error during connect/i;

/** The error behind a failed docker command, from its messages and exit code (1 if the daemon failed). */
export function dockerFailure(message: string, exitCode = 1): Error {
  if (isDenied.test(message)) return new Denied('the Docker socket requires root or the group docker');
  if (isOld.test(message)) return new Unsupported('this docker client has no --format (added in 1.13)');
  if (isUnreachable.test(message)) return new Unavailable('no Docker daemon responds');
  return new Exited(exitCode, errorLine(message));
}

/** The line with the error: newer clients print a less specific one below. */
function errorLine(message: string): string {
  return message.split('\n').find((line) => /error/i.test(line)) ?? message;
}
