/** A captured host under test/hosts. */
export interface HostCase {
  readonly name: string;
  /** What state it is in, and what it is for. */
  readonly purpose: string;
  /** What its output shows that a reader would not expect. */
  readonly surprises?: readonly string[];
  /** The metadata profiles in use. */
  readonly profiles?: readonly string[];
  /** The collectors in use besides devices, pools and volumes; `lvm` by default. */
  readonly also?: readonly ('lvm' | 'docker' | 'mangling' | 'deps')[];
}
