/** For light and dark, from a width of 320 px. Colour is never the only sign: there is always a word too. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f4f6f8; --card: #fff; --ink: #15191e; --soft: #4c5763; --line: #d8dee6; --track: #e1e6ec; --link: #0b5394;
  --calm: #3d74ad; --mark: #15191e;
  --critical: #b3161f; --critical-back: #fdeaea; --critical-fill: #d0303a;
  --warning: #7d4b00; --warning-back: #fff1d6; --warning-fill: #cf8500;
  --unknown: #5a3d8f; --unknown-back: #efe9fa;
  --pending: #0b4f8a; --pending-back: #e3effa;
  --healthy: #17653a; --healthy-back: #e3f4e9;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1115; --card: #171b21; --ink: #e9edf2; --soft: #a9b4c0; --line: #2d353f; --track: #2b333d; --link: #8cbcf2;
    --calm: #5b9bdc; --mark: #f4f6f8;
    --critical: #ff8f93; --critical-back: #3b171a; --critical-fill: #e5484f;
    --warning: #f2bb5c; --warning-back: #35270c; --warning-fill: #dc9a2a;
    --unknown: #c3abf0; --unknown-back: #2a2140;
    --pending: #8cbcf2; --pending-back: #14283c;
    --healthy: #7fd0a0; --healthy-back: #12301f;
  }
}
* { box-sizing: border-box; }
html { overflow-anchor: none; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 78rem; padding: 0 1rem 3rem; background: var(--page); color: var(--ink); overflow-wrap: anywhere; }
h1, h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px; }
b, strong, th, dt { font-weight: 600; }
small, .fine, .amounts, .keys, .trend, .moment, .product, caption { color: var(--soft); font-size: .875rem; }
code { font: .8125rem/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.top { display: flex; flex-wrap: wrap; align-items: flex-end; justify-content: space-between; gap: .5rem 2rem; padding: 1.5rem 0 1.25rem; }
h1 { font-size: clamp(1.5rem, 1.2rem + 1.6vw, 2.125rem); line-height: 1.2; letter-spacing: -.015em; }
h1.critical { color: var(--critical); }
h1.warning { color: var(--warning); }
h1.unknown { color: var(--unknown); }
h1:is(.pending, .filling) { color: var(--pending); }
#live { margin-left: .5rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; font-size: .875rem; }
[data-silent] #live { display: inline-block; padding: 0 .5rem; border-radius: 4px; background: var(--critical-back); color: var(--critical); font-weight: 600; }
[data-silent] main { filter: grayscale(1); }

main > section { margin-bottom: 2rem; }
h2 { font-size: 1.125rem; margin-bottom: .5rem; }
.pool, .host, #collectors { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem; }
.pool { margin-bottom: .75rem; border-left-width: 6px; }
.pool.critical { border-left-color: var(--critical-fill); }
.pool.warning { border-left-color: var(--warning-fill); }
.pool.unknown { border-left-color: var(--unknown); }
.pool:is(.pending, .filling) { border-left-color: var(--pending); }
.pool > header { display: grid; grid-template-columns: 1fr auto; gap: 0 1.5rem; align-items: baseline; }
h3 { font-size: 1.1875rem; line-height: 1.35; }
.state { grid-column: 1; color: var(--soft); }
.left { grid-column: 2; grid-row: 1 / 3; align-self: start; text-align: right; color: var(--soft); }
.left b { display: block; color: var(--ink); font-size: 1.1875rem; line-height: 1.35; }
.critical .left b { color: var(--critical); }
.warning .left b { color: var(--warning); }
.badge { display: inline-block; border-radius: 4px; padding: .05rem .45rem; margin-right: .25rem; font-size: .8125rem; vertical-align: .1em; }
.critical > header .badge { background: var(--critical); color: var(--card); }
.warning > header .badge { background: var(--warning-back); color: var(--warning); }
.unknown > header .badge { background: var(--unknown-back); color: var(--unknown); }
:is(.pending, .filling) > header .badge { background: var(--pending-back); color: var(--pending); }
.healthy > header .badge { background: var(--healthy-back); color: var(--healthy); }
.tag { border: 1px solid; border-radius: 4px; padding: 0 .3rem; font-size: .8125rem; color: var(--unknown); }

.findings { margin-top: .75rem; display: grid; gap: .5rem; }
.findings li { border-radius: 6px; padding: .6rem .8rem; background: var(--page); }
.findings .critical { background: var(--critical-back); }
.findings .warning { background: var(--warning-back); }
.findings.pending li { background: var(--page); border: 1px dashed var(--pending); }
.findings.pending .tag { color: var(--pending); font-weight: 600; white-space: nowrap; }
.critical > .what .severity { color: var(--critical); }
.warning > .what .severity { color: var(--warning); }
.severity { text-transform: uppercase; font-size: .75rem; letter-spacing: .05em; margin-right: .25rem; }
.what { font-weight: 600; }
.advice { max-width: 60rem; }
.advice a { white-space: nowrap; }

.spaces { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 2.5rem; margin-top: 1rem; }
.space { display: grid; grid-template-columns: auto 1fr; align-content: start; gap: 0 .75rem; align-items: baseline; }
.space > svg, .space > ul, .space > .trend { grid-column: 1 / -1; }
h4 { font-size: 1rem; font-weight: 400; }
h4 strong { font-size: 1.1875rem; }
.amounts { text-align: right; }
.bar { display: block; overflow: visible; }
.track { fill: var(--track); }
.used.healthy { fill: var(--calm); }
.used.warning { fill: var(--warning-fill); }
.used.critical { fill: var(--critical-fill); }
.zone.minimum-free { fill: var(--critical-fill); opacity: .25; }
.mark.critical { fill: var(--critical-fill); }
.mark.warning { fill: var(--warning-fill); }
.zone.host-room { fill: var(--ink); opacity: .3; }
.bar.old .used { fill: var(--soft); opacity: .55; }
.mark { fill: var(--mark); stroke: var(--card); stroke-width: 1; paint-order: stroke; }
.keys { display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
.key { vertical-align: -.15em; }
.trend { display: flex; align-items: center; gap: .75rem; margin-top: .15rem; }
.sparkline { flex: 0 0 6rem; width: 6rem; height: 1.5rem; border-bottom: 1px solid var(--line); }
.sparkline polyline { fill: none; stroke: var(--calm); stroke-width: 2; }

table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; }
th, td { border-top: 1px solid var(--line); padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 400; }
.fastest { margin-top: 1rem; max-width: 44rem; }
.fastest td, .fastest thead th + th { text-align: right; white-space: nowrap; }
.collectors tbody th { font-weight: 400; }
.fastest small { display: block; font-weight: 400; }
.collectors { overflow-wrap: break-word; }
.collectors :is(td, th):last-child { padding-right: 0; }
.collectors thead th:first-child { width: 7rem; }
.collectors thead th:last-child { width: 8rem; }
.collectors b { font-weight: 400; }
.failed td b, .blocked td b, .pending td b { font-weight: 600; color: var(--unknown); }
.failed td b:first-child { color: var(--critical); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); gap: .35rem 2rem; margin-top: .9rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: .875rem; }
.facts dt { color: var(--soft); font-weight: 400; }
details { margin-top: .6rem; }
summary { color: var(--soft); font-size: .875rem; cursor: pointer; width: fit-content; }
.gap, .gone { font-weight: 600; color: var(--unknown); }
.gone { color: var(--critical); }

@media (max-width: 44rem) {
  body { padding: 0 .5rem 2rem; }
  .top { padding: 1rem .25rem .75rem; }
  .pool, .host, #collectors { padding: .75rem .75rem; }
  .spaces { grid-template-columns: minmax(0, 1fr); }
  .pool > header { grid-template-columns: 1fr; }
  .left { grid-column: 1; grid-row: auto; text-align: left; margin-top: .25rem; }
  .left b { display: inline; }
  .collectors thead :is(th:first-child, th:last-child) { width: 5.25rem; }
  nav { gap: .25rem .9rem; }
}
@media print { .pool { break-inside: avoid; } }
`;
