import type { ChildProcess } from 'node:child_process';

/** Its exposition, from the address that it logs; throws its output if it ends before. */
export async function pageOf(service: ChildProcess): Promise<string> {
  return (await fetch(`http://127.0.0.1:${await portOf(service)}/metrics`)).text();
}

function portOf(service: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let log = '';
    service.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      log += chunk;
      const found = /msg="Listening" address=127\.0\.0\.1:(\d+)/.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    });
    service.once('exit', () => reject(new Error(`it ended: ${log}`)));
  });
}
