/** The kernel of a guest and what it mounts as its root. */
export interface GuestRoot {
  /** Starts the kernel; the kernel's arguments come after it. */
  readonly command: readonly string[];
  /** Where the guest's kernel and tools lie on this machine; absent where they are in the root itself. */
  readonly tools?: string;
  /** Kernel arguments that say what the root is. `run` is a folder that lasts as long as the guest. */
  readonly words: (run: string) => readonly string[];
}
