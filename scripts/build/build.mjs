#!/usr/bin/env node
// `npm run build`; a word names another file than dist/main.js. The types are checked by `npm run types`.
import { buildProgram } from './bundle.mjs';

buildProgram(...process.argv.slice(2));
