// Keeps Node.js from opening its inspector at SIGUSR1, as in the exporter (src/io/no-inspector.ts). First import of what runs.
process.on('SIGUSR1', () => {});
