import type { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ClientAuthType } from './tls-names.ts';

/** What a policy requires: `present`, that there is a certificate; `valid`, that a present one is signed by the CA. */
interface Policy {
  readonly requested: boolean;
  readonly present: boolean;
  readonly valid: boolean;
}

const none: Policy = { requested: false, present: false, valid: false };
const any: Policy = { requested: true, present: true, valid: false };

/** The policies of Go's tls.ClientAuthType. RequireClientCert is an old name in the file format. */
export const policies: Readonly<Record<ClientAuthType, Policy>> = {
  NoClientCert: none,
  RequestClientCert: { requested: true, present: false, valid: false },
  RequireAnyClientCert: any,
  RequireClientCert: any,
  VerifyClientCertIfGiven: { requested: true, present: false, valid: true },
  RequireAndVerifyClientCert: { requested: true, present: true, valid: true },
};

/** Decides on a client after its handshake. Without allowed names, any name is accepted. */
export function judgeClient(
  type: ClientAuthType,
  allowedNames: readonly string[] | undefined,
): (socket: TLSSocket) => boolean {
  const policy = policies[type];
  return (socket) => {
    if (!policy.requested) return true;
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) return !policy.present;
    if (policy.valid && !socket.authorized) return false;
    return allowedNames === undefined || bearsOneOf(certificate, allowedNames);
  };
}

/** Whether one of the names is a subject alternative name: DNS, e-mail, URI or address, compared exactly. */
export function bearsOneOf(
  certificate: Pick<X509Certificate, 'subjectAltName' | 'checkIP'>,
  allowed: readonly string[],
): boolean {
  const names = alternativeNames(certificate.subjectAltName ?? '');
  return allowed.some((name) =>
    isIP(name) === 0 ? names.has(name) : certificate.checkIP(name) !== undefined,
  );
}

/**
 * The names in Node's text of the extension, `DNS:a, URI:"b\u002c c"`. A name with a comma, a quote or a control character
 * is a JSON string there, so that one name cannot look like two (nodejs.org, X509Certificate.subjectAltName).
 */
function alternativeNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { groups } of text.matchAll(
    /(?:^|, )(?<kind>[^:,"]+):(?<name>"(?:[^"\\]|\\.)*"|[^,"]*)(?=, |$)/g,
  )) {
    const name = groups?.['name'] ?? '';
    if (!['DNS', 'email', 'URI'].includes(groups?.['kind'] ?? '')) continue;
    names.add(name.startsWith('"') ? String(JSON.parse(name)) : name);
  }
  return names;
}
