import { describe, expect, it } from 'vitest';
import { style } from '../../../../src/web/status-page/style.ts';

/** The colours of one scheme by name. */
function coloursIn(block: string | undefined): Readonly<Record<string, string>> {
  const found = [...(block ?? '').matchAll(/--(?<name>[\w-]+): (?<colour>#[0-9a-f]{3,6});/g)];
  return Object.fromEntries(found.map(({ groups }) => [groups?.['name'], groups?.['colour']]));
}

/** WCAG 2, relative luminance. */
function luminance(colour: string): number {
  const digits =
    colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit) : colour.slice(1).match(/../g)!;
  const [red, green, blue] = digits
    .map((pair) => Number.parseInt(pair, 16) / 255)
    .map((part) => (part <= 0.039_28 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

const [, light, dark] = style.split(/:root \{/);

describe.each([
  ['light', coloursIn(light)],
  ['dark', coloursIn(dark)],
])('in the %s scheme', (_, colours) => {
  const against = (name: string, ground: string) => contrast(colours[name]!, colours[ground]!);

  it.each(['calm', 'near', 'warning-fill', 'short-fill', 'critical-fill'])(
    'the fill %s stands out from its track and its card, as graphics must',
    (name) => {
      expect(against(name, 'track')).toBeGreaterThanOrEqual(3);
      expect(against(name, 'card')).toBeGreaterThanOrEqual(3);
    },
  );

  it.each([
    ['ink', 'card'],
    ['soft', 'card'],
    ['soft', 'page'],
    ['link', 'card'],
    ['link', 'page'],
    ['critical', 'critical-back'],
    ['warning', 'warning-back'],
    ['unknown', 'unknown-back'],
    ['pending', 'pending-back'],
    ['healthy', 'healthy-back'],
    ['critical', 'card'],
    ['warning', 'card'],
    ['critical', 'page'],
    ['warning', 'page'],
    ['unknown', 'page'],
    ['pending', 'page'],
    ['soft', 'critical-back'],
    ['soft', 'warning-back'],
    ['link', 'critical-back'],
    ['link', 'warning-back'],
  ])('%s on %s can be read', (name, ground) => {
    expect(against(name, ground)).toBeGreaterThanOrEqual(4.5);
  });
});

it('nothing moves', () => {
  expect(style).not.toMatch(/animation|transition|scroll-behavior/);
});
