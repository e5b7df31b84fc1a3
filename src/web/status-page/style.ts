/**
 * For light and dark, from a width of 320 px. Colour is never the only sign: there is always a word or a figure too. Space
 * that gets short goes from blue to red: fill, near, warning, short, critical.
 */
export const style = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --ink: #15191e; --soft: #4f5a66; --line: #dde2e8; --track: #e4e8ed; --link: #0b5394;
  --calm: #3d74ad; --near: #857528; --mark: #15191e;
  --critical: #b3161f; --critical-back: #fdeeee; --critical-fill: #c4232f;
  --warning: #7d4b00; --warning-back: #fff4df; --warning-fill: #a86a00; --short-fill: #bf4f0c;
  --unknown: #5a3d8f; --unknown-back: #f0ebfa;
  --pending: #0b4f8a; --pending-back: #e6f0fa;
  --healthy: #17653a; --healthy-back: #e6f4eb;
  font: 93.75%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
  font-variant-numeric: tabular-nums;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1216; --card: #181c22; --ink: #e9edf2; --soft: #a9b4c0; --line: #2c343d; --track: #2b333d; --link: #8cbcf2;
    --calm: #5b9bdc; --near: #b5a54a; --mark: #f4f6f8;
    --critical: #ff8f93; --critical-back: #34181b; --critical-fill: #e5484f;
    --warning: #f2bb5c; --warning-back: #2f2410; --warning-fill: #dc9a2a; --short-fill: #e8763a;
    --unknown: #c3abf0; --unknown-back: #2a2140;
    --pending: #8cbcf2; --pending-back: #14283c;
    --healthy: #7fd0a0; --healthy-back: #12301f;
  }
}
* { box-sizing: border-box; }
html { overflow-anchor: none; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 78rem; padding: 0 1.25rem 2rem; background: var(--page); color: var(--ink); overflow-wrap: anywhere; }
h1, h2, h3, h4, p, ul, ol, dl, dd { margin: 0; padding: 0; }
ul, ol { list-style: none; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; border-radius: 2px; }
b, strong, th, dt { font-weight: 600; }
small, .fine, .amounts, .keys, .trend, .moment, caption, footer { color: var(--soft); font-size: .875rem; }
code { font: .8125rem/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.tag { border: 1px solid; border-radius: 4px; padding: 0 .3rem; font-size: .8125rem; color: var(--unknown); }

.top { display: grid; grid-template-columns: minmax(min(100%, 14rem), 1fr) minmax(0, auto); gap: 0 1.5rem; align-items: baseline; padding: 1.25rem 0 1rem; }
.hostname { font-size: 1.125rem; font-weight: 600; }
.hostname span { color: var(--soft); font-weight: 400; }
h1 { grid-column: 1 / -1; font-size: clamp(1.5rem, 1.25rem + 1.2vw, 2rem); line-height: 1.25; letter-spacing: -.015em; }
h1 small { font-size: 1rem; letter-spacing: 0; }
h1.critical { color: var(--critical); }
h1.warning { color: var(--warning); }
h1.unknown { color: var(--unknown); }
h1:is(.pending, .filling) { color: var(--pending); }
nav { grid-row: 1; grid-column: 2; display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0 1rem; font-size: .875rem; }
.counts { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: .25rem .5rem; margin: .35rem 0; }
.counts li, .badge { border-radius: 4px; padding: .05rem .45rem; font-size: .8125rem; }
.counts li { color: var(--soft); border: 1px solid var(--line); }
.counts .critical, .critical > header .badge, .row.critical .badge { background: var(--critical); color: var(--card); border-color: transparent; }
.counts .warning, .warning > header .badge, .row.warning .badge { background: var(--warning-back); color: var(--warning); border-color: transparent; }
.counts .unknown, .unknown > header .badge, .row.unknown .badge { background: var(--unknown-back); color: var(--unknown); border-color: transparent; }
.counts :is(.pending, .filling), :is(.pending, .filling) > header .badge, .row:is(.pending, .filling) .badge { background: var(--pending-back); color: var(--pending); border-color: transparent; }
.healthy > header .badge { background: var(--healthy-back); color: var(--healthy); }
.badge { display: inline-block; margin-right: .25rem; vertical-align: .1em; }
.row.healthy .badge { position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); }
.moment { grid-column: 1 / -1; }
#live { margin-left: .5rem; }
[data-silent] #live { display: inline-block; padding: 0 .5rem; border-radius: 4px; background: var(--critical-back); color: var(--critical); font-weight: 600; }
[data-silent] main, main.old { filter: grayscale(1); }
.empty { color: var(--soft); margin-bottom: 1.75rem; }

main > section { margin-bottom: 1.75rem; }
h2 { font-size: 1rem; margin: 1.75rem 0 .5rem; }
:is(.host, #collectors) > h2 { margin-top: 0; }
.card, .host, #collectors { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1rem 1.25rem; }
.card { margin-bottom: .875rem; border-left-width: 6px; }
.card.critical { border-left-color: var(--critical-fill); }
.card.warning { border-left-color: var(--warning-fill); }
.card.unknown { border-left-color: var(--unknown); }
.card:is(.pending, .filling) { border-left-color: var(--pending); }
.card > header { display: grid; grid-template-columns: 1fr auto; grid-template-rows: auto 1fr; gap: 0 1.5rem; }
h3 { font-size: 1.1875rem; line-height: 1.35; }
.state { grid-column: 1; color: var(--soft); }
.left { grid-column: 2; grid-row: 1 / 3; text-align: right; color: var(--soft); font-size: .875rem; line-height: 1.4; max-width: 24rem; }
.left b { display: block; font-size: 1.25rem; line-height: 1.25; font-weight: 600; color: var(--ink); }
.left.none b { color: var(--soft); font-weight: 400; }
.left.time b { font-size: 2.25rem; line-height: 1.1; letter-spacing: -.02em; }
.healthy .left.time b { font-size: 1.5rem; }
.left.state b { font-size: 1.5rem; }
.left span { display: block; }
.critical .left:not(.none) b { color: var(--critical); }
.warning .left:not(.none) b { color: var(--warning); }
.filling .left.time b { color: var(--pending); }

.findings { margin-top: .75rem; display: grid; gap: .5rem; }
.findings > li { border-radius: 6px; padding: .6rem .8rem; background: var(--page); }
.findings > .critical { background: var(--critical-back); }
.findings > .warning { background: var(--warning-back); }
.findings.pending > li { background: none; border: 1px dashed var(--pending); }
.findings.pending .tag { color: var(--pending); font-weight: 600; white-space: nowrap; }
li.critical .severity { color: var(--critical); }
li.warning .severity { color: var(--warning); }
.findings details { margin: 0; }
.findings summary { width: auto; color: inherit; font-size: inherit; }
.findings [open] > summary { margin-bottom: .25rem; }
.severity { text-transform: uppercase; font-size: .75rem; letter-spacing: .05em; margin-right: .25rem; }
.what { font-weight: 600; }
.what, .advice { max-width: 60rem; }
.advice a { white-space: nowrap; }
.command { display: block; margin: .25rem 0; }
.command code { display: inline-block; max-width: 100%; padding: .2rem .6rem; border: 1px solid var(--line); border-radius: 4px; background: var(--card); -webkit-user-select: all; user-select: all; }

.spaces { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem 2.5rem; margin-top: 1rem; }
.space { display: grid; grid-template-columns: auto 1fr; align-content: start; gap: 0 .75rem; align-items: baseline; }
.space > :is(svg, ul, .chart, .trend) { grid-column: 1 / -1; }
h4 { font-size: .9375rem; font-weight: 400; }
h4 strong { font-size: 1.125rem; }
.amounts { text-align: right; }
.amounts span { display: inline-block; }
.bar, .small { display: block; overflow: visible; }
.track { fill: var(--track); }
.used.healthy { fill: var(--calm); }
.used.near { fill: var(--near); }
.used.warning { fill: var(--warning-fill); }
.used.short { fill: var(--short-fill); }
.used.critical { fill: var(--critical-fill); }
.zone.minimum-free { fill: var(--critical-fill); opacity: .25; }
.zone.host-room { fill: var(--ink); opacity: .3; }
.bar.old .used { fill: var(--soft); opacity: .55; }
.mark { fill: var(--mark); stroke: var(--card); stroke-width: 2.5; stroke-linejoin: round; paint-order: stroke; }
.mark.critical { fill: var(--critical-fill); }
.mark.warning { fill: var(--warning-fill); }
.keys li { padding-left: 1.2rem; text-indent: -1.2rem; }
.keys { display: flex; flex-wrap: wrap; gap: 0 1.25rem; font-size: .8125rem; }
.key { vertical-align: -.15em; }
.chart { display: grid; grid-template-columns: minmax(0, 1fr) 2.5rem; gap: 0 .4rem; margin-top: .6rem; color: var(--soft); font-size: .75rem; line-height: 1.2; }
.chart svg { width: 100%; height: 4.5rem; border-bottom: 1px solid var(--line); }
.chart p { display: flex; justify-content: space-between; }
.chart .share { flex-direction: column; }
.chart polyline { fill: none; stroke: var(--calm); stroke-width: 2; stroke-linejoin: round; }
.chart.near polyline { stroke: var(--near); }
.chart.warning polyline { stroke: var(--warning-fill); }
.chart.short polyline { stroke: var(--short-fill); }
.chart.critical polyline { stroke: var(--critical-fill); }
.limit { fill: none; stroke: var(--soft); opacity: .6; stroke-dasharray: 1 4; }
.limit.minimum-free { stroke-dasharray: none; }
.limit:is(.warning, .critical) { stroke-dasharray: 6 4; }
.chart:not(.healthy) .limit { opacity: 1; }
.chart:not(.healthy) .limit.warning { stroke: var(--warning-fill); }
.chart:not(.healthy) .limit:is(.critical, .minimum-free) { stroke: var(--critical-fill); }
.trend { margin-top: .35rem; }

.columns, .row summary { display: grid; grid-template-columns: minmax(0, 1fr) 9.5rem 9.5rem 15rem 7rem; gap: 0 1.25rem; align-items: baseline; padding: .4rem 1rem .4rem 2rem; font-size: .875rem; }
.columns { color: var(--soft); padding-bottom: .25rem; }
.columns span:nth-child(n + 4), .row .growth { text-align: right; }
.row { background: var(--card); border: 1px solid var(--line); border-bottom-width: 0; }
.columns + .row { border-radius: 10px 10px 0 0; }
.row:last-child, .row:has(+ h2) { border-bottom-width: 1px; border-radius: 0 0 10px 10px; }
.columns + .row:last-child, .columns + .row:has(+ h2) { border-radius: 10px; }
.row summary { position: relative; width: auto; color: var(--ink); list-style: none; }
.row summary::-webkit-details-marker { display: none; }
.row summary::before { content: ""; position: absolute; left: .9rem; top: .85rem; border: .3rem solid transparent; border-left-color: var(--soft); border-right-width: 0; }
.row [open] > summary::before { transform: rotate(90deg); }
.row h3 { font-size: .875rem; line-height: 1.5; }
.row h3 bdi { display: inline-block; max-width: 100%; }
.row details { margin: 0; }
.row details details { margin-top: .6rem; padding: 0; }
.row summary:hover { background: var(--page); }
.row [open] > summary { border-bottom: 1px solid var(--line); }
.row > details > :not(summary) { margin-left: 2rem; margin-right: 1rem; }
.row > details > :not(summary):last-child { padding-bottom: 1rem; }
.row > details > .state { margin-top: .75rem; }
.cell { display: flex; align-items: center; gap: .5rem; }
.cell .term { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); }
.cell .small { flex: 1 1 0; min-width: 0; }
.cell .share { flex: 0 0 3.6rem; text-align: right; margin-left: auto; }
.row .time { text-align: right; }
.row .time b { font-weight: 400; }
.row:not(.healthy) .time b { font-weight: 600; }
.row .growth, .row .remark { color: var(--soft); }
.row .remark { grid-column: 1 / -1; }

table { border-collapse: collapse; width: 100%; font-size: .875rem; }
caption { text-align: left; }
th, td { border-top: 1px solid var(--line); padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 400; }
.fastest { margin-top: 1rem; max-width: 44rem; }
.fastest td, .fastest thead th + th { text-align: right; white-space: nowrap; }
.fastest :is(td, th):last-child { padding-right: 0; }
.fastest small { display: block; font-weight: 400; }
.collectors { overflow-wrap: break-word; margin-top: .5rem; }
.collectors td:nth-child(2) { overflow-wrap: anywhere; }
.collectors tbody th, .collectors b { font-weight: 400; }
.collectors :is(td, th):last-child { padding-right: 0; }
.collectors thead th:first-child { width: 9rem; }
.collectors thead th:last-child { width: 8rem; }
.failed td b, .blocked td b, .pending td b { font-weight: 600; color: var(--unknown); }
.failed th + td b { color: var(--critical); }
.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1.25rem; margin-top: .75rem; font-size: .875rem; }
.facts div { display: contents; }
.facts dt { color: var(--soft); font-weight: 400; }
details { margin-top: .6rem; }
summary { color: var(--soft); font-size: .875rem; cursor: pointer; width: fit-content; }
.gap, .gone { font-weight: 600; color: var(--unknown); }
.gone { color: var(--critical); }

@media (max-width: 60rem) {
  .columns { display: none; }
  .row summary { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .row .time { text-align: right; }
  .row h3 { grid-row: 1; }
  .row .time { grid-row: 1; grid-column: 2; }
  .row .growth { display: none; }
  .cell .term { position: static; width: auto; height: auto; margin: 0; overflow: visible; clip-path: none; color: var(--soft); }
}
@media (max-width: 44rem) {
  body { padding: 0 .5rem 2rem; }
  .top { grid-template-columns: minmax(0, 1fr); padding: .75rem .25rem .75rem; }
  nav { grid-row: auto; grid-column: 1; justify-content: flex-start; gap: .15rem 1rem; margin-top: .25rem; }
  .card, .host, #collectors { padding: .75rem; }
  .spaces { grid-template-columns: minmax(0, 1fr); }
  .card > header { grid-template-columns: minmax(0, 1fr); }
  .left { grid-column: 1; grid-row: auto; text-align: left; margin-top: .35rem; }
  .row summary { padding: .4rem .75rem .4rem 1.6rem; gap: 0 .75rem; }
  .row summary::before { left: .65rem; }
  .row > details > :not(summary) { margin-left: .75rem; margin-right: .75rem; }
  .collectors thead :is(th:first-child, th:last-child) { width: 5.25rem; }
}
@media (max-width: 30rem) {
  .space { grid-template-columns: minmax(0, 1fr); }
  .amounts { text-align: left; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: .35rem; }
  .cell { flex-wrap: wrap; gap: 0 .5rem; }
  .cell .term { flex: 1 0 auto; }
  .cell .share { flex: 0 0 auto; }
  .cell .small { flex: 1 0 100%; order: 1; }
}
@media print {
  :root { color-scheme: light; }
  body { max-width: none; padding: 0; background: none; }
  nav, #live { display: none; }
  .card, .row { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
