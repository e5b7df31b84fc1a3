import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { carriedNode } from '../../../scripts/release/carried-node.ts';
import { endOfLifeOf, nodeLines } from '../../../src/cli/node-lines.ts';

const project = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(project, file), 'utf8');
const [major = ''] = carriedNode.split('.');

describe('the Node.js in packages and image', () => {
  it('is of a line that gets security fixes today', () => {
    expect(nodeLines[major], `no end of life is listed for Node.js ${major}`).toBeDefined();
    expect(endOfLifeOf(carriedNode, Date.now()), 'update scripts/release/carried-node.ts').toBeUndefined();
  });

  it('is the same in the image, on the Debian on which the image is based', () => {
    const [, version, suite] =
      /^ARG NODE_IMAGE=\S+\/node:([\d.]+)-(\w+)-slim$/m.exec(read('Dockerfile')) ?? [];
    expect([version, suite]).toEqual([carriedNode, 'trixie']);
    expect(read('Dockerfile')).toMatch(/^ARG BASE_IMAGE=\S+\/debian:13\.\d+-slim$/m);
  });

  it('is what the release workflow makes the image with', () => {
    expect(read('.github/workflows/release.yml')).toContain(`node-version: ${carriedNode}`);
  });
});

describe('the versions of Node.js in the docs', () => {
  it('are the lines whose ends are known', () => {
    const page = read('docs/guide/install.md');
    for (const [line, day] of Object.entries(nodeLines)) expect(page).toContain(`| ${line} | ${day} |`);
  });
});
