import { spawn } from 'node:child_process';

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The file for its output. */
  readonly log: string;
}

export interface Supervisor {
  readonly start: (program: Program) => void;
  /** Ends the programs and removes the folder. */
  readonly end: () => Promise<void>;
}

/**
 * Runs programs as children of a process that outlives this one: a demo that is killed cannot clean up. If both are
 * killed, this process first, the programs have to be stopped by hand. The command line starts `supervise`.
 */
export function openSupervisor(
  commandLine: readonly string[],
  folder: string,
  hearEnd: (name: string) => void,
): Supervisor {
  const [program = '', ...args] = commandLine;
  const child = spawn(program, [...args, folder], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    detached: true,
  });
  child.on('message', ({ ended }: { readonly ended: string }) => hearEnd(ended));
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return {
    start: (program) => void child.send(program),
    end: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
