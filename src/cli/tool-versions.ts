import type { Collector, Needs, VersionQuery } from '../collectors/collector.ts';
import type { Read } from '../io/read.ts';

/** A tool whose version matters, once, however many collectors need it. */
export interface Tool extends VersionQuery, Pick<Needs, 'tool' | 'package' | 'otherwise'> {
  /** Nothing can be seen without it. */
  readonly isNeeded: boolean;
}

export interface ToolState {
  readonly tool: Tool;
  /** Absent: it did not report one. */
  readonly version?: string;
  readonly failure?: { readonly reason: string; readonly detail: string };
}

const timeoutMs = 3000;

export function toolsOf(collectors: readonly Collector[]): readonly Tool[] {
  const tools = new Map<string, Tool>();
  for (const { needs, discovers } of collectors) {
    const { version, ...rest } = needs;
    if (version === undefined) continue;
    const before = tools.get(version.of);
    const isNeeded = before?.isNeeded === true || discovers === true;
    tools.set(version.of, { ...version, ...rest, ...before, isNeeded });
  }
  return [...tools.values()];
}

/** Which versions are installed. */
export function readVersions(collectors: readonly Collector[], read: Read): Promise<ToolState[]> {
  return Promise.all(toolsOf(collectors).map((tool) => readVersion(tool, read)));
}

async function readVersion(tool: Tool, read: Read): Promise<ToolState> {
  const result = await read(tool.input, { collector: 'tools', key: tool.of }, { timeoutMs }).result;
  if (!result.ok) return { tool, failure: { reason: result.reason, detail: result.detail } };
  // Without a kernel driver dmsetup exits with an error, and prints its own version all the same.
  const version = tool.pattern.exec(result.output.stdout)?.groups?.['version'];
  return version === undefined ? { tool } : { tool, version };
}
