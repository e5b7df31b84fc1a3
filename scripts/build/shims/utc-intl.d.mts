interface SmallDateTimeFormat {
  formatToParts(date: Date): { type: string; value: string }[];
}

declare const small: {
  readonly DateTimeFormat: new (
    locale: string,
    options?: { readonly timeZone?: string | undefined; readonly [other: string]: unknown },
  ) => SmallDateTimeFormat;
};

export { small as Intl };
