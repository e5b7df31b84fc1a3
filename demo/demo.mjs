#!/usr/bin/env node
import './no-inspector.mjs';
import './bundle.mjs';

// After the bundle is written.
await import('./start.mjs');
