import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Debian's, or whatever stands on PATH under a usual name. */
const names = ['chromium', 'chromium-browser', 'google-chrome'];

export function findChromium(places = process.env['PATH'] ?? ''): string | undefined {
  return places
    .split(path.delimiter)
    .flatMap((place) => names.map((name) => path.join(place, name)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return path.isAbsolute(file);
  } catch {
    return false;
  }
}

/** Root cannot have Chromium's sandbox. */
export function openChromium(executablePath: string): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: ['--disable-dev-shm-usage', ...(isRoot ? ['--no-sandbox'] : [])],
  });
}
