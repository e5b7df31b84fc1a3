import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What the systemd unit of the project in this folder sets for every start. */
export function unitEnvironment(project: string): Readonly<Record<string, string>> {
  const unit = readFileSync(path.join(project, 'deploy/packages/systemd/thinpool-exporter.service'), 'utf8');
  const [, settings = ''] = /^Environment=(.*)$/m.exec(unit) ?? [];
  return Object.fromEntries(
    settings
      .split(' ')
      .map((setting) => [setting.slice(0, setting.indexOf('=')), setting.slice(setting.indexOf('=') + 1)]),
  );
}
