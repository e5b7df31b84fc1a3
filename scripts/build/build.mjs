#!/usr/bin/env node
// `npm run build`; a word names another file than dist/main.js, and --minify makes it smaller. `npm run types` checks the types.
import { buildProgram } from './bundle.mjs';

const words = process.argv.slice(2);
const [outfile] = words.filter((word) => word !== '--minify');
buildProgram(outfile, words.includes('--minify'));
