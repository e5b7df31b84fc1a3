import { spawn } from 'node:child_process';

export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The file for what it prints. */
  readonly log: string;
}

export interface Supervisor {
  readonly start: (program: Program) => void;
  /** Ends the programs and removes the folder. */
  readonly end: () => Promise<void>;
}

/**
 * A process that outlives this one by a moment, with programs as its children: a demo that is killed cannot clear up.
 * Who kills both, and the supervisor first, has to end the programs by hand.
 */
export function openSupervisor(module: string, folder: string, hearEnd: (name: string) => void): Supervisor {
  const child = spawn(process.execPath, [module, folder], {
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
