/** Where the project can be found. */
export const repository = 'https://github.com/thinpool-exporter/thinpool-exporter';

/** Where the project's runbooks can be read. */
export const runbooks = `${repository}/blob/main/docs/runbooks`;

/** The address of one; `{alert}` stands for the name of the alert. */
export const projectRunbooks = `${runbooks}/{alert}.md`;
