/** A fenced block of shell in a runbook. */
export interface Block {
  readonly page: string;
  /** Under which name the lab tries it. */
  readonly tried: string | undefined;
  /** Is marked as untried. */
  readonly untried: boolean;
  readonly text: string;
  /** The prose from here to the next block or heading, which has to give the reason. */
  readonly after: string;
}

const fence =
  /^(?:<!-- (?<mark>tried: (?<id>[a-z0-9-]+)|not tried) -->\n)?```sh\n(?<text>.*?)^```\n(?<after>.*?)(?=^<!--|^```|^#|$(?![\s\S]))/gms;

export function readBlocks(page: string, markdown: string): readonly Block[] {
  return [...markdown.matchAll(fence)].map(({ groups }) => ({
    page,
    tried: groups?.['id'],
    untried: groups?.['mark'] === 'not tried',
    text: groups?.['text'] ?? '',
    after: (groups?.['after'] ?? '').trim(),
  }));
}
