/** Something that happened, as a line for people. */
export interface Event {
  readonly tone: Tone;
  /** One word: who says so, or what it is. */
  readonly kind: string;
  readonly text: string;
  /** For lines below. */
  readonly more?: readonly string[];
}

export type Tone = 'bad' | 'doubtful' | 'good' | 'plain';
