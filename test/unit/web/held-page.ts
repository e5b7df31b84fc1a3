export interface HeldPage {
  /** A page that comes when it is finished, and not before. */
  readonly render: () => Promise<Buffer>;
  /** Settles when it has been requested. */
  readonly requested: Promise<void>;
  readonly finish: (text: string) => void;
}

export function holdPage(): HeldPage {
  let tell = (): void => {};
  let finish = (_: string): void => {};
  const requested = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const page = new Promise<Buffer>((resolve) => {
    finish = (text) => resolve(Buffer.from(text));
  });
  const render = () => {
    tell();
    return page;
  };
  return { render, requested, finish };
}
