/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** The default interval at which the exporter polls pools. */
const everyMs = 5000;

/**
 * Sent to the browser as text, so it may use nothing outside itself. Fetches the page again and changes only what differs,
 * which preserves focus, scroll position, selection and open sections. Reports a lost connection.
 */
function keepLive(intervalMs: number): void {
  const output = document.getElementById('live');
  let updatedAt = new Date();
  let underWay = false;

  announce('Live.', true);
  setInterval(refresh, intervalMs);
  document.addEventListener('visibilitychange', refresh);

  async function refresh(): Promise<void> {
    if (document.hidden || underWay) return;
    underWay = true;
    try {
      const response = await fetch(location.href, { signal: AbortSignal.timeout(2 * intervalMs) });
      if (!response.ok) throw new Error(response.statusText);
      show(new DOMParser().parseFromString(await response.text(), 'text/html'));
      updatedAt = new Date();
      announce('Live.', true);
    } catch {
      announce(`Connection lost at ${updatedAt.toLocaleTimeString()}; showing data from that time.`, false);
    } finally {
      underWay = false;
    }
  }

  /** Changes nothing if the text is the same: a screen reader reads every change aloud. */
  function announce(text: string, isConnected: boolean): void {
    if (output !== null && output.textContent !== text) output.textContent = text;
    document.documentElement.toggleAttribute('data-silent', !isConnected);
  }

  function show(next: Document): void {
    const focused = document.activeElement;
    const home = focused?.closest('article')?.id ?? '';
    const anchor = [...document.querySelectorAll('article[id]')].find(
      (article) => article.getBoundingClientRect().bottom > 0,
    );
    const before = anchor?.getBoundingClientRect().top ?? 0;
    document.title = next.title;
    change(document.body, next.body);
    if (anchor?.isConnected && window.scrollY > 0)
      window.scrollBy(0, anchor.getBoundingClientRect().top - before);
    if (!(focused instanceof HTMLElement) || document.activeElement === focused) return;
    // A line that became a card, or the reverse, is drawn anew.
    const target = focused.isConnected ? focused : summaryOf(home);
    target?.focus({ preventScroll: true });
  }

  function summaryOf(id: string): HTMLElement | null {
    return document.getElementById(id)?.querySelector<HTMLElement>('summary') ?? null;
  }

  function change(from: Element, to: Element): void {
    if (from.hasAttribute('data-own') || from.tagName === 'SCRIPT') return;
    changeAttributes(from, to);
    let place = from.firstChild;
    for (const child of [...to.childNodes]) {
      const match = matchOf(child, from, place);
      if (match === null) {
        from.insertBefore(document.importNode(child, true), place);
        continue;
      }
      if (match === place) place = place.nextSibling;
      else from.insertBefore(match, place);
      if (match instanceof Element && child instanceof Element) change(match, child);
      else if (match.nodeValue !== child.nodeValue) match.nodeValue = child.nodeValue;
    }
    while (place !== null) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  }

  /** An element with an id matches anywhere; else the next node matches if it has the same name. */
  function matchOf(child: Node, from: Element, place: ChildNode | null): ChildNode | null {
    const id = child instanceof Element ? child.id : '';
    if (id !== '') return [...from.children].find((one) => one.id === id) ?? null;
    return place !== null &&
      place.nodeName === child.nodeName &&
      !(place instanceof Element && place.id !== '')
      ? place
      : null;
  }

  /** Sections that the reader opened or closed stay so. */
  function changeAttributes(from: Element, to: Element): void {
    for (const { name } of [...from.attributes])
      if (name !== 'open' && !to.hasAttribute(name)) from.removeAttribute(name);
    for (const { name, value } of [...to.attributes])
      if (name !== 'open' && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

export const liveScript = `(${keepLive.toString()})(${everyMs});`;
