import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { messageOf } from '../../format/error-message.ts';
import { judgeClient, policies } from './client-certificates.ts';
import { type Placed, readWebFile, type TlsSection, type WebFile } from './file.ts';
import { cipherSuites, suitesOfTls13, type TlsVersion, tlsVersions } from './tls-names.ts';
import type { Rate, Tls, WebConfig } from './web-config.ts';

export interface Loaded {
  /** Absent if there are problems. */
  readonly config?: WebConfig;
  readonly problems: readonly string[];
  /** Every file that was read or should have been. If one changes, reload. */
  readonly paths: readonly string[];
}

/** Reads a web configuration file and the files that it names. Paths in it are relative to its own folder. */
export async function loadWebConfig(path: string): Promise<Loaded> {
  const content = await readText(path);
  if (content instanceof Error)
    return { problems: [`${path}: cannot read the file: ${messageOf(content)}`], paths: [path] };
  const { file, problems } = readWebFile(content, path);
  const tls = file.tls === undefined ? undefined : await new TlsLoader(dirname(path)).load(file.tls);
  const all = [...problems, ...checkRate(file), ...(tls?.problems ?? [])];
  const paths = [path, ...(tls?.paths ?? [])];
  return all.length > 0 ? { problems: all, paths } : { config: build(file, tls?.tls), problems: [], paths };
}

function build({ headers, users, rate }: WebFile, tls: Tls | undefined): WebConfig {
  const limit = rateOf(rate?.value);
  return {
    ...(tls === undefined ? {} : { tls }),
    ...(limit === undefined ? {} : { rate: limit }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
    users,
  };
}

/** Without an interval, there is no limit. */
function rateOf(rate: NonNullable<WebFile['rate']>['value'] | undefined): Rate | undefined {
  const intervalMs = rate?.interval?.value ?? 0;
  return intervalMs === 0 ? undefined : { intervalMs, burst: rate?.burst?.value ?? 0 };
}

function checkRate({ rate }: WebFile): string[] {
  const limit = rateOf(rate?.value);
  if (rate === undefined || limit === undefined || limit.burst > 0) return [];
  return [`${rate.where}: expected a burst of at least 1: without it every request is rejected`];
}

async function readText(path: string): Promise<string | Error> {
  return readFile(path, 'utf8').catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
}

/** A text, inline or from a file, and the place that names it. */
type Material = Placed<string>;

/** Assembles the TLS settings of a section. Collects problems. */
class TlsLoader {
  readonly #folder: string;
  readonly #problems: string[] = [];
  readonly #paths: string[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async load({ value: section, where }: Placed<TlsSection>): Promise<Omit<Loaded, 'config'> & { tls?: Tls }> {
    const [cert, key, ca] = await Promise.all([
      this.#material('cert', section.cert, section.cert_file),
      this.#material('key', section.key, section.key_file),
      this.#material('client_ca', section.client_ca, section.client_ca_file),
    ]);
    this.#check(section, where);
    const chain = this.#certificates(cert);
    this.#certificates(ca);
    this.#checkKey(key, chain?.[0]);
    const outcome = () => ({ problems: this.#problems, paths: this.#paths });
    const [leaf] = chain ?? [];
    if (this.#problems.length > 0 || cert === undefined || key === undefined || leaf === undefined)
      return outcome();
    const settings = settingsOf(section, cert.value, key.value, ca?.value);
    try {
      createSecureContext(settings);
    } catch (error) {
      this.#problems.push(`${where}: rejected by OpenSSL: ${messageOf(error)}`);
      return outcome();
    }
    const type = section.client_auth_type?.value ?? 'NoClientCert';
    const accepts = judgeClient(type, section.client_allowed_sans?.value);
    return { ...outcome(), tls: { settings, accepts, expiresAt: Date.parse(leaf.validTo) } };
  }

  async #material(
    name: string,
    inline: Material | undefined,
    named: Material | undefined,
  ): Promise<Material | undefined> {
    if (inline !== undefined && named !== undefined)
      this.#problems.push(`${named.where}: conflicts with ${name}; keep one of the two`);
    if (inline !== undefined || named === undefined) return inline;
    const path = resolve(this.#folder, named.value);
    this.#paths.push(path);
    const text = await readText(path);
    if (!(text instanceof Error)) return { value: text, where: `${named.where}: ${path}` };
    this.#problems.push(`${named.where}: cannot read the file: ${messageOf(text)}`);
    return undefined;
  }

  /** Problems of combinations of fields. */
  #check(section: TlsSection, where: string): void {
    const auth = section.client_auth_type;
    const type = auth?.value ?? 'NoClientCert';
    const policy = policies[type];
    const ca = section.client_ca_file ?? section.client_ca;
    const rules: readonly (readonly [isWrong: boolean, where: string | undefined, problem: string])[] = [
      [
        !(section.cert_file ?? section.cert),
        where,
        'expected cert_file (or cert): TLS requires a certificate',
      ],
      [
        !(section.key_file ?? section.key),
        where,
        'expected key_file (or key): the certificate requires its private key',
      ],
      [
        ca !== undefined && !policy.requested,
        ca?.where,
        'expected client_auth_type: RequireAndVerifyClientCert as well: without it no client certificate is requested',
      ],
      [
        policy.valid && ca === undefined,
        auth?.where,
        'expected client_ca_file (or client_ca) as well, to verify client certificates',
      ],
      [
        section.client_allowed_sans !== undefined && !policy.present,
        section.client_allowed_sans?.where,
        'expected client_auth_type: RequireAndVerifyClientCert (or RequireAnyClientCert) as well: without it clients need no certificate',
      ],
      [
        section.min_version?.value === 'TLS13' && section.max_version?.value === 'TLS12',
        section.max_version?.where,
        'expected TLS13, because min_version is TLS13',
      ],
    ];
    for (const [isWrong, place, problem] of rules) if (isWrong) this.#problems.push(`${place}: ${problem}`);
  }

  #certificates(material: Material | undefined): readonly X509Certificate[] | undefined {
    if (material === undefined) return undefined;
    const blocks = material.value.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    try {
      if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
    } catch {
      // Reported below: the message of the library does not help a reader.
    }
    this.#problems.push(`${material.where}: expected one or more certificates in PEM`);
    return undefined;
  }

  #checkKey(material: Material | undefined, leaf: X509Certificate | undefined): void {
    if (material === undefined) return;
    const key = privateKey(material.value);
    if (key === undefined)
      this.#problems.push(`${material.where}: expected a private key in PEM, without a passphrase`);
    else if (leaf !== undefined && !leaf.checkPrivateKey(key))
      this.#problems.push(`${material.where}: does not match the certificate (the first one in its file)`);
  }
}

function privateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

function settingsOf(section: TlsSection, cert: string, key: string, ca: string | undefined): Tls['settings'] {
  const policy = policies[section.client_auth_type?.value ?? 'NoClientCert'];
  // Not the default of Node, which includes suites without forward secrecy.
  const suites = section.cipher_suites?.value ?? Object.values(cipherSuites);
  const groups = section.curve_preferences?.value ?? [];
  const version = (name: keyof typeof tlsVersions | undefined, usual: TlsVersion) =>
    name === undefined ? usual : tlsVersions[name];
  return {
    cert,
    key,
    ...(ca === undefined ? {} : { ca }),
    minVersion: version(section.min_version?.value, 'TLSv1.2'),
    maxVersion: version(section.max_version?.value, 'TLSv1.3'),
    ciphers: [...new Set([...suites, ...suitesOfTls13])].join(':'),
    ...(groups.length === 0 ? {} : { ecdhCurve: groups.join(':') }),
    honorCipherOrder: section.prefer_server_cipher_suites?.value ?? true,
    requestCert: policy.requested,
    rejectUnauthorized: policy.present && policy.valid,
  };
}
