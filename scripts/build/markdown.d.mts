export function escapeHtml(text: string): string;
export function renderMarkdown(markdown: string, resolve: (target: string) => string | undefined): string;
