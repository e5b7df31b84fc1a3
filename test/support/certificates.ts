import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tool } from './tools.ts';

/** Makes PEM files NAME.crt and NAME.key in a folder, by openssl. */
export interface Authority {
  /** A certificate for localhost and 127.0.0.1, or for what `names` says in openssl's words. */
  readonly issue: (name: string, names?: string, type?: readonly string[]) => void;
}

const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] as const;
const local = 'DNS:localhost,IP:127.0.0.1';

export function makeAuthority(folder: string, name = 'ca'): Authority {
  const openssl = (...args: readonly string[]) =>
    execFileSync(tool('openssl'), args, { cwd: folder, stdio: 'pipe' });
  const request = (type: readonly string[], who: string, ...rest: readonly string[]) =>
    openssl('req', ...type, '-nodes', '-subj', `/CN=${who}`, '-keyout', `${who}.key`, ...rest);
  request(ec, name, '-x509', '-days', '2', '-out', `${name}.crt`);
  const ca = ['-CA', `${name}.crt`, '-CAkey', `${name}.key`, '-CAcreateserial'];
  return {
    issue: (who, names = local, type = ec) => {
      writeFileSync(join(folder, `${who}.ext`), `subjectAltName=${names}\n`);
      request(type, who, '-out', `${who}.csr`);
      const files = ['-in', `${who}.csr`, '-extfile', `${who}.ext`, '-out', `${who}.crt`];
      openssl('x509', '-req', ...ca, '-days', '2', ...files);
    },
  };
}
