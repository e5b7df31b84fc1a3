// `npm run generate`: writes every file that is made from a source, and names those that have changed.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { plainManifests, plainValues } from '../deploy/source/manifests.ts';
import { renderText } from '../test/artifacts/deploy/render.ts';
import { findTool } from '../test/support/tools.ts';
import { generatedFiles } from './generated.ts';

const project = path.resolve(import.meta.dirname, '..');

function write(file: string, text: string): void {
  const place = path.join(project, file);
  if (existsSync(place) && readFileSync(place, 'utf8') === text) return;
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
  console.log(file);
}

for (const [file, text] of generatedFiles()) write(file, text);

// After the chart, from which helm renders them.
const helm = findTool('helm');
if (helm === undefined) console.log('deploy/kubernetes is left as it is: helm is missing (npm run tools)');
else
  for (const [file, text] of plainManifests(renderText(helm, plainValues)))
    write(`deploy/kubernetes/${file}`, text);
