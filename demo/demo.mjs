#!/usr/bin/env node
import './bundle.mjs';

// After the bundle is written.
await import('./start.mjs');
