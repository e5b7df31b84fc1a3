#!/usr/bin/env node
import './bundle.mjs';

// Not before it is bundled.
await import('./start.mjs');
