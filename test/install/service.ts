import type { ChildProcess } from 'node:child_process';

/** The port that it says it listens on; throws what it said if it ends before. */
export function portOf(service: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    service.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
      const found = /listening.*127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    });
    service.once('exit', () => reject(new Error(`it ended: ${log}`)));
  });
}
