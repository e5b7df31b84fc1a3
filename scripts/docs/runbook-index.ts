/** Pages that runbooks of several alerts share, with what they are for. */
export const sharedPages = {
  'look.md': 'look at a pool without touching it; the variables that all pages use',
  'extend.md': 'more data, more metadata, a VG without room, pools without LVM',
  'free-space.md': 'stop the writer, prune, trim, remove snapshots',
  'autoextend.md': 'let LVM extend it by itself, and see that it does',
  'repair-metadata.md': 'check and repair a pool that is broken',
  'file-systems.md': 'check what lay on it, and XFS that hangs',
} as const;

/** The index of docs/runbooks. */
export function renderRunbookIndex(alerts: Readonly<Record<string, string>>): string {
  return `# Runbooks

One for each alert, for whoever was paged and has never seen a thin pool. All have the same parts: meaning, impact,
which case it is, what to do now, what not to do, how to prevent. Start with the alert's own page: it has the commands
that matter, and leads on to the shared ones. Of the alert's labels, \`instance\` is the host, \`pool\` the pool,
\`resource\` data or metadata, and \`target\` the end that is near: \`full\`, or Docker's \`floor\`.

Two rules hold everywhere. **First stop the bleeding** (extend, or stop the writer), then free, then check file systems.
**Look without touching**: bounded in time, \`--noflush\`, and no LVM or Docker command while storage stalls.

| shared page | for |
|---|---|
${table(sharedPages, (file) => file)}

| alert | meaning |
|---|---|
${table(alerts, (name) => `${name}.md`)}

## What has been tried

Each block of commands that changes something is either run as it stands there by \`npm run lab -- runbooks-…\`, on a
real pool in the state that it is for (Linux 6.1, LVM 2.03.16, thin-provisioning-tools 0.9.0, Docker 20.10), which then
looks whether the pool is as the page promises; or the page says that we have not tried it, and why.
`;
}

function table(rows: Readonly<Record<string, string>>, file: (name: string) => string): string {
  return Object.entries(rows)
    .map(([name, text]) => `| [${name.replace(/\.md$/, '')}](${file(name)}) | ${text} |`)
    .join('\n');
}
