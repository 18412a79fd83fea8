/** Colours of a theme: text keeps a contrast of 4.5 to the paper, lines and areas of 3. Lines are told apart by dashes, too. */
export const themes = {
  light: {
    paper: '#fdfdfb',
    panel: '#f4f5f2',
    ink: '#17202b',
    soft: '#566170',
    rule: '#dfe2de',
    first: '#0072b2',
    second: '#b84a00',
    third: '#007a59',
    fourth: '#a1497c',
    good: '#00694c',
    bad: '#b3261e',
    warn: '#8a5a00',
    heat1: '#5b97c5',
    heat2: '#2f77b0',
    heat3: '#12528a',
    heat4: '#0a2c4d',
  },
  dark: {
    paper: '#11161c',
    panel: '#1a2129',
    ink: '#e8ebee',
    soft: '#a0abb8',
    rule: '#2d3742',
    first: '#56b4e9',
    second: '#f0a13c',
    third: '#2fc296',
    fourth: '#df95bd',
    good: '#3ecf9f',
    bad: '#ff8a80',
    warn: '#f2c14e',
    heat1: '#41709a',
    heat2: '#5f9fd0',
    heat3: '#9ccbee',
    heat4: '#e2f2ff',
  },
} as const;

function variables(theme: Readonly<Record<string, string>>): string {
  return Object.entries(theme)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** The whole style of a report. */
export const styleSheet = `
:root{color-scheme:light dark;${variables(themes.light)}}
@media (prefers-color-scheme:dark){:root{${variables(themes.dark)}}}
:root:has(#light:checked){color-scheme:light;${variables(themes.light)}}
:root:has(#dark:checked){color-scheme:dark;${variables(themes.dark)}}
.theme{display:flex;flex-wrap:wrap;gap:.125rem 1rem;justify-content:flex-end;border:0;margin:0 0 .75rem;padding:0;color:var(--soft);font-size:.8125rem}
.theme legend{float:left;padding:0;margin-right:1rem}
.theme label{cursor:pointer}
.theme input{accent-color:var(--first);margin:0 .25rem 0 0;vertical-align:-1px}
.summary{max-width:44rem;margin-top:1.25rem}
.limits{padding-left:1.1rem;max-width:44rem;font-size:.875rem}
.bar{fill:var(--first);opacity:.35}
.bar-end{stroke:var(--first);stroke-width:3}
${[1, 2, 3, 4].map((shade) => `.heat${shade}{fill:var(--heat${shade})}`).join('')}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums;-webkit-text-size-adjust:100%}
body{max-width:58rem;margin:0 auto;padding:2rem 1.5rem 4rem}
h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0;padding:0}
header{display:flex;gap:1rem;align-items:center;padding-bottom:1.25rem;border-bottom:2px solid var(--ink)}
header p{color:var(--soft);font-size:.875rem;overflow-wrap:anywhere}
header b{color:var(--ink);font-weight:500;margin-right:.75rem}
.brand{flex:none;fill:none;stroke:var(--first);stroke-width:3.5}
h1{font-size:1.5rem;line-height:1.25;font-weight:650;letter-spacing:-.015em}
h2{font-size:1.1875rem;font-weight:650;letter-spacing:-.01em;margin:3rem 0 .5rem;padding-top:.75rem;border-top:1px solid var(--rule)}
h3{font-size:.9375rem;font-weight:600}
section>p{max-width:44rem}
.note{color:var(--soft);font-size:.875rem}
.verdicts{list-style:none;margin:1.5rem 0 0}
.verdicts li{display:flex;gap:.6rem;padding:.125rem 0;overflow-wrap:anywhere}
.verdicts li:first-child{font-size:1.125rem;font-weight:600}
.shape{flex:none;width:1.1em;text-align:center;font-weight:700}
.good .shape,.fair{color:var(--good)}
.bad .shape,.uneven{color:var(--bad)}
.warn .shape,.affinity{color:var(--warn)}
.verdict-words{font-weight:500}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.25rem,1fr));gap:1px;margin-top:1.5rem;background:var(--rule);border:1px solid var(--rule);border-radius:6px;overflow:hidden}
.figures div{background:var(--paper);padding:.75rem .875rem}
dt{color:var(--soft);font-size:.8125rem}
dd{font-size:1.375rem;line-height:1.3;font-weight:600;letter-spacing:-.01em}
dd small{display:block;color:var(--soft);font-size:.8125rem;font-weight:400;letter-spacing:0}
figure{margin-top:1.75rem;break-inside:avoid}
figcaption p{color:var(--soft);font-size:.875rem;max-width:44rem}
.plot{margin:.75rem 4.25rem 0 3.25rem}
.plot.wide{margin:.75rem 1.25rem 0 .25rem}
svg{display:block;overflow:visible}
svg text{font-size:12px;fill:var(--soft)}
svg .axis-title{fill:var(--soft)}
svg .lane-label{fill:var(--ink)}
svg .end-label{font-weight:600}
.grid{stroke:var(--rule);stroke-width:1;shape-rendering:crispEdges}
.tick{stroke:var(--soft);stroke-width:1;shape-rendering:crispEdges}
.mark{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 3}
.line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round;vector-effect:non-scaling-stroke}
.area{stroke:none;opacity:.13}
${['first', 'second', 'third', 'fourth', 'bad'].map((tone) => `.line.${tone}{stroke:var(--${tone})}.area.${tone}{fill:var(--${tone})}svg .end-label.${tone}{fill:var(--${tone})}`).join('\n')}
.line.second{stroke-dasharray:6 4;stroke-linecap:butt}
.line.fourth{stroke-dasharray:2 3.5}
.line.bad{stroke-width:1.25}
.hatched{fill:url(#hatching)}
.hatching{stroke:var(--warn);stroke-width:1.5;opacity:.55}
.compared .hatched{fill:var(--soft);opacity:.09}
.whisker{stroke:var(--first);stroke-width:2.5;stroke-linecap:round}
.dot{fill:var(--first);stroke:var(--paper);stroke-width:1.5}
.key{display:none;list-style:none;flex-wrap:wrap;gap:.125rem 1rem;font-size:.8125rem;color:var(--soft);margin-top:.25rem}
.key.shown{display:flex;margin-left:3.25rem}
.key svg{display:inline-block;vertical-align:middle}
details{margin-top:.5rem}
summary{cursor:pointer;color:var(--soft);font-size:.8125rem;width:max-content}
summary:hover{color:var(--ink)}
:focus-visible{outline:2px solid var(--first);outline-offset:3px;border-radius:2px}
.scroll{overflow-x:auto;margin-top:.75rem}
table{border-collapse:collapse;font-size:.875rem;min-width:min(100%,28rem)}
caption{text-align:left;color:var(--soft);font-size:.8125rem;padding-bottom:.25rem}
th,td{text-align:left;font-weight:400;padding:.3rem 1.25rem .3rem 0;border-bottom:1px solid var(--rule);vertical-align:top}
thead th{color:var(--soft);font-size:.8125rem;white-space:nowrap}
.number{text-align:right;white-space:nowrap}
.chains{display:grid;gap:.75rem;margin:.75rem 0}
.chain{display:flex;flex-wrap:wrap;row-gap:.75rem;list-style:none;background:var(--panel);border-radius:6px;padding:.75rem 1rem}
.chain li{flex:1 0 5.5rem;max-width:8rem;font-size:.8125rem;color:var(--soft);padding-left:.75rem;border-left:2px solid var(--first);line-height:1.35}
.chain b{display:block;color:var(--ink);font-size:1.0625rem;font-weight:600}
pre{background:var(--panel);border-radius:6px;padding:.875rem 1rem;margin:.75rem 0;white-space:pre-wrap;overflow-wrap:anywhere;font-size:.875rem}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
footer{margin-top:3rem;color:var(--soft);font-size:.8125rem}
@media (max-width:40rem){
body{padding:1.25rem 1rem 3rem}
.plot{margin-right:.75rem}
svg .end-label{display:none}
.key{display:flex}
.figures{grid-template-columns:1fr 1fr}
header time{display:block}
}
@media print{
:root,:root:has(input:checked){color-scheme:light;${variables(themes.light)}}
.theme{display:none}
body{max-width:none;padding:0}
details:not([open]){display:none}
h2{break-after:avoid}
pre{border:1px solid var(--rule)}
}
`;
