/** Something that happened, as one line of output. */
export interface Event {
  readonly tone: Tone;
  /** One word: the origin or the kind of event. */
  readonly kind: string;
  readonly text: string;
  /** Further lines below. */
  readonly more?: readonly string[];
}

export type Tone = 'bad' | 'doubtful' | 'good' | 'plain';
