// `npm run generate`: writes every file that is made from a source, and names those that have changed. `--copies` is for
// the time in which npm packs.
import { plainManifests, plainValues } from '../deploy/source/manifests.ts';
import { renderText } from '../test/artifacts/deploy/render.ts';
import { findTool } from '../test/support/tools.ts';
import { committedFiles, flavours, writeFiles, writeLinks } from './generated.ts';

const changed = [...writeFiles(committedFiles()), ...writeFiles(flavours())];
writeLinks(process.argv.includes('--copies') ? 'copies' : 'links');

// After the chart, from which helm renders them.
const helm = findTool('helm');
if (helm === undefined) console.log('deploy/kubernetes was not generated: helm is missing (npm run tools)');
else {
  const manifests = plainManifests(renderText(helm, plainValues));
  const files = [...manifests].map(([file, text]) => [`deploy/kubernetes/${file}`, text] as const);
  changed.push(...writeFiles(new Map(files)));
}

for (const file of changed) console.log(file);
