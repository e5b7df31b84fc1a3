// A small Kubernetes for the lab's scenario `kubernetes`, into .cache/kubernetes/cluster. No package of Debian or of npm has
// the servers; the source of Debian's kubernetes-client has all of them, and Debian's Go builds them in some minutes. Nothing
// is installed. Old as it is (1.20), its kubelet still runs pods by Docker itself, so that one pool holds all containers.
import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const source = { version: '1.20.5+really1.20.2-1.1+deb12u1', tag: 'v1.20.2' };
/** Kubernetes' own copy of reflect2 reads maps as Go laid them out before 1.18. */
const reflection = 'modern-go/reflect2';
const packages = ['golang-1.19-go', 'golang-1.19-src', 'golang-github-modern-go-reflect2-dev', 'etcd-server'];
const servers = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet'];

const cache = path.resolve(import.meta.dirname, '../../.cache/kubernetes');
const target = path.join(cache, 'cluster');
const work = path.join(cache, `build-${process.pid}`);
const done = path.join(work, 'done');
const kubernetes = path.join(work, 'go/src/k8s.io/kubernetes');

export function main(): number {
  if (existsSync(target)) {
    console.log(`${path.relative(process.cwd(), target)} is there already`);
    return 0;
  }
  mkdirSync(work, { recursive: true });
  try {
    fetch();
    build();
    renameSync(done, target);
    console.log(readdirSync(target).join(' '));
  } finally {
    // Go makes what it keeps read-only.
    run('chmod', ['-R', 'u+w', work]);
    rmSync(work, { recursive: true });
  }
  return 0;
}

function run(command: string, args: readonly string[], options: ExecFileSyncOptions = {}): string {
  return execFileSync(command, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
    ...options,
  }).toString();
}

/** Sources are none of this machine's apt sources, so they come from a list of their own; apt holds them against its keys. */
function fetch(): void {
  const targets = [
    'indextargets',
    '--format',
    '$(REPO_URI) $(RELEASE)',
    'Identifier: Packages',
    'Component: main',
  ];
  const found = run('apt-get', targets)
    .split('\n')
    .find((line) => line.endsWith(' bookworm'));
  if (found === undefined)
    throw new Error('apt knows no Debian 12 (bookworm), from whose source this is built');
  const [uri] = found.split(' ');
  const parts = path.join(work, 'sources');
  for (const folder of [parts, path.join(work, 'lists/partial'), done, kubernetes])
    mkdirSync(folder, { recursive: true });
  const signed = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(
    path.join(parts, 'debian.sources'),
    `Types: deb-src\nURIs: ${uri}\nSuites: bookworm\nComponents: main\nSigned-By: ${signed}\n`,
  );
  const lists = [
    'Dir::Etc::sourcelist=/dev/null',
    `Dir::Etc::sourceparts=${parts}`,
    `Dir::State::lists=${path.join(work, 'lists')}`,
  ];
  const apt = (args: readonly string[], options: readonly string[]): string =>
    run(
      'apt-get',
      [...options.flatMap((option) => ['-o', option]), '-o', 'APT::Sandbox::User=root', '-q', ...args],
      {
        cwd: work,
      },
    );
  apt(['update'], lists);
  apt(['source', '--download-only', `kubernetes=${source.version}`], lists);
  apt(['download', ...packages], []);
  for (const file of readdirSync(work).filter((name) => name.endsWith('.deb')))
    run('dpkg-deb', ['-x', file, 'debian'], { cwd: work });
  const [archive = ''] = readdirSync(work).filter((name) => name.includes('.orig.tar.'));
  run('tar', ['-xf', path.join(work, archive), '--strip-components=1', '-C', kubernetes]);
  run('cp', [path.join(work, 'debian/usr/bin/etcd'), done]);
  const own = path.join(kubernetes, 'vendor/github.com', reflection);
  rmSync(own, { recursive: true });
  run('cp', ['-a', path.join(work, 'debian/usr/share/gocode/src/github.com', reflection), own]);
}

function build(): void {
  const root = path.join(work, 'debian/usr/lib/go-1.19');
  const env = {
    PATH: `${root}/bin:${process.env['PATH']}`,
    HOME: work,
    GOROOT: root,
    GOPATH: path.join(work, 'go'),
    GOCACHE: path.join(work, 'built'),
    // As it was built in its time: a module that is older than Go 1.17 is no module for this one.
    GO111MODULE: 'off',
    CGO_ENABLED: '0',
  };
  const go = (...args: string[]): string => run('go', args, { cwd: kubernetes, env });
  const generator = path.join(work, 'openapi-gen');
  go('build', '-o', generator, 'k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen');
  run(
    generator,
    [
      ...['--logtostderr', '--input-dirs', describedPackages().join()],
      ...['--output-base', path.join(work, 'go/src'), '--output-file-base', 'zz_generated.openapi'],
      ...['--output-package', 'k8s.io/kubernetes/pkg/generated/openapi'],
      ...['--go-header-file', 'hack/boilerplate/boilerplate.generatego.txt'],
      ...['--report-filename', path.join(work, 'violations')],
    ],
    { cwd: kubernetes, env },
  );
  const version = `-s -w -X k8s.io/kubernetes/vendor/k8s.io/component-base/version.gitVersion=${source.tag}`;
  for (const server of servers) {
    console.log(`building ${server}`);
    go('build', '-o', `${done}/`, '-ldflags', version, `k8s.io/kubernetes/cmd/${server}`);
  }
}

/** The packages whose types the server describes to its clients; what does so is generated, and no part of the source. */
function describedPackages(): readonly string[] {
  const where = ['pkg', 'cmd', 'plugin', 'staging/src'];
  const marked = run('grep', ['-rl', '--include=*.go', '+k8s:openapi-gen=true', ...where], {
    cwd: kubernetes,
  });
  const folders = marked
    .trim()
    .split('\n')
    .filter((file) => !/_test\.go|\/testdata\/|\/test\/|code-generator|_examples|sample-/.test(file))
    .map((file) => path.dirname(file).replace(/^staging\/src\//, 'vendor/'));
  return [...new Set(folders)].map((folder) => `k8s.io/kubernetes/${folder}`);
}
