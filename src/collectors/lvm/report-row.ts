/** What a report has about one thing, by field name. Blank is: LVM does not know, or it does not apply. */
export type ReportRow = Readonly<Record<string, string>>;
