import type { Environment } from '../config/environment.ts';
import type { Loaded } from '../config/load.ts';
import type { Config } from '../config/options.ts';
import type { Setting } from '../config/resolve.ts';
import type { KernelLog } from '../io/kernel-log.ts';
import type { Read } from '../io/read.ts';
import type { StateFile } from '../io/state-file.ts';
import type { ServiceManager } from '../io/systemd-notify.ts';
import type { Logger } from '../log.ts';

export type StopSignal = 'SIGTERM' | 'SIGINT';

export interface Context {
  readonly config: Config;
  readonly settings: readonly Setting[];
  readonly operands: readonly string[];
  /** Variables that look like options, and are none. */
  readonly warnings: readonly string[];
  readonly version: string;
  /** The Node.js that runs it; absent in the demo, which no one keeps running. */
  readonly nodeVersion?: string;
  readonly log: Logger;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  /** This host, or the captured one that --replay names. */
  readonly read: Read;
  /** Opens the kernel log of this host with a position of its own; absent for a captured host. */
  readonly openKernelLog?: () => KernelLog;
  /** Opens a file that survives a crash; absent for a captured or simulated host, of which nothing is changed. */
  readonly openState?: (path: string) => StateFile;
  /** Writes to standard output. */
  readonly print: (text: string) => void;
  /** Writes to standard error, where `print` is read by a program. */
  readonly printError: (text: string) => void;
  /** Reads the options again: the same arguments, the file as it is now, and this environment. */
  readonly load: (environment: Environment) => Loaded;
  /** Calls back at SIGTERM or SIGINT, which would otherwise end the process. */
  readonly onStop: (stop: (signal: StopSignal) => void) => void;
  /** False where the findings are those of a simulated host. */
  readonly logsFindings?: false;
  readonly serviceManager: ServiceManager;
  /** Calls back at SIGHUP, which would otherwise end the process. */
  readonly onHangUp: (reload: () => void) => void;
  readonly environment: Environment;
}

/** Runs to completion and gives the exit status. */
export type Run = (context: Context) => Promise<number>;
