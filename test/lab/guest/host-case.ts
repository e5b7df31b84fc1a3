/** A captured host under test/hosts. */
export interface HostCase {
  readonly name: string;
  /** What state it is in, and what it is for. */
  readonly purpose: string;
  /** What its output shows that a reader would not expect. */
  readonly surprises?: readonly string[];
  /** The metadata profiles in use. */
  readonly profiles?: readonly string[];
  /** What else is asked beside devices, pools and volumes; `lvm` unless told otherwise. */
  readonly also?: readonly ('lvm' | 'docker' | 'mangling' | 'deps')[];
}
