/** Pages that the runbooks of several alerts share, with their purpose. */
export const sharedPages = {
  'look.md': 'check a pool without changing anything; the variables that all runbooks use',
  'extend.md': 'more data, more metadata, a VG without room, pools without LVM',
  'free-space.md': 'stop the writer, prune, trim, remove snapshots',
  'autoextend.md': 'make LVM extend a pool automatically, and verify that it does',
  'repair-metadata.md': 'check and repair a broken pool',
  'file-systems.md': 'check the file systems on a pool; XFS hanging in umount',
} as const;

/** The index of docs/runbooks. */
export function renderRunbookIndex(alerts: Readonly<Record<string, { readonly meaning: string }>>): string {
  const meanings = Object.entries(alerts).map(([name, { meaning }]) => [name, meaning] as const);
  return `# Runbooks

One runbook for each alert, for a person who was paged and has never seen a thin pool. All have the same parts: meaning,
impact, which case it is, what to do now, what not to do, how to prevent. Start with the runbook of the alert: it has
the commands that matter, and links to the shared pages. Of the alert's labels, \`instance\` is the host, \`pool\` the pool,
\`resource\` data or metadata, and \`target\` the limit that is near: \`full\`, or \`minimum_free\`, the free
space below which Docker, or a limit that you set, refuses to allocate.

Two rules apply everywhere. **Stop the bleeding first** (extend, or stop the writer), then free space, then check file
systems. **Check without changing anything**: with time limits, with \`--noflush\`, and without LVM or Docker commands
while storage stalls.

| shared page | for |
|---|---|
${table(Object.entries(sharedPages), (file) => file)}

| alert | meaning |
|---|---|
${table(meanings, (name) => `${name}.md`)}

## Tested commands

Every command block that changes something is tested, or its runbook says that we have not tried it, and why.
The project's lab runs each tested block exactly as it is printed, on a real pool in the state that the
block is for (Linux 6.1, LVM 2.03.16, thin-provisioning-tools 0.9.0, Docker 20.10). It then checks that the pool is as
the runbook promises.
`;
}

function table(
  rows: readonly (readonly [name: string, text: string])[],
  file: (name: string) => string,
): string {
  return rows.map(([name, text]) => `| [${name.replace(/\.md$/, '')}](${file(name)}) | ${text} |`).join('\n');
}
