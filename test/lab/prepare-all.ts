import { execFileSync } from 'node:child_process';

/** What scenarios of `lab-all` need besides the exporter: the image, helm and kubectl, and a small Kubernetes. */
export function setup(): void {
  for (const words of [['image'], ['tools'], ['tools', '--', 'cluster']])
    execFileSync('npm', ['run', ...words], { stdio: 'inherit' });
}
