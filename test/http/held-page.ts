export interface HeldPage {
  /** A page that comes when it is finished, and not before. */
  readonly render: () => Promise<string>;
  /** Settles when someone has asked for it. */
  readonly asked: Promise<void>;
  readonly finish: (text: string) => void;
}

export function holdPage(): HeldPage {
  let tell = (): void => {};
  let finish = (_: string): void => {};
  const asked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const page = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const render = () => {
    tell();
    return page;
  };
  return { render, asked, finish };
}
