import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { embeddedDashboards } from '../embedded.ts';
import { messageOf } from '../format/error-message.ts';
import { errnoOf } from '../io/errno.ts';
import { replaceFile } from '../io/replace-file.ts';
import type { Run } from './context.ts';

/** As sha256sum writes it. Grafana reads only files that end in .json. */
const listName = 'thinpool-dashboards.sha256';

/** Writes the dashboards, unless that would overwrite what it did not write. */
export const dashboards: Run = async ({ operands: [folder = '.'], print, printError }) => {
  try {
    const files = Object.entries(embeddedDashboards());
    const written = readList(path.join(folder, listName));
    const foreign = files.flatMap(([name, text]) => {
      const place = path.join(folder, name);
      const present = readIfThere(place);
      return present === undefined || present === text || written.get(name) === hashOf(present)
        ? []
        : [place];
    });
    if (foreign.length > 0) {
      printError(
        foreign
          .map(
            (place) =>
              `${place} was not written by thinpool-exporter, or was changed since; move it away, or choose another directory\n`,
          )
          .join(''),
      );
      return 1;
    }
    mkdirSync(folder, { recursive: true });
    const list = files.map(([name, text]) => `${hashOf(text)}  ${name}\n`).join('');
    for (const [name, text] of [...files, [listName, list] as const])
      await replaceFile(path.join(folder, name), text);
    print(files.map(([name]) => `${path.join(folder, name)}\n`).join(''));
    return 0;
  } catch (error) {
    printError(`dashboards: ${messageOf(error)}\n`);
    return 1;
  }
};

function readList(place: string): ReadonlyMap<string, string> {
  const lines = (readIfThere(place) ?? '').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const { hash, name } = /^(?<hash>[0-9a-f]{64}) {2}(?<name>\S+)$/.exec(line)?.groups ?? {};
      return hash === undefined || name === undefined ? [] : [[name, hash] as const];
    }),
  );
}

function readIfThere(place: string): string | undefined {
  try {
    return readFileSync(place, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
