export function embeddedFiles(project: string): Readonly<Record<'dashboards' | 'runbooks' | 'tools', string>>;
