/**
 * The report's style sheet: light and dark as the root's `data-theme` says, else as the reader's system is, and light on paper. The colours are those of the window
 * (`src-renderer/styles/tokens.css`; a test keeps them equal), the colours of methods its own.
 */

/** Of the window, by name. */
export const windowColours = {
  dark: {
    bg: '#0b0e11',
    panel: '#12161b',
    line: '#27303a',
    text: '#e8edf2',
    muted: '#9aa7b4',
    mr: '#84aefc',
    ct: '#f2b661',
    sct: '#5fd3b8',
    stop: '#f2767a',
  },
  light: {
    bg: '#f3f5f7',
    panel: '#fff',
    line: '#d5dce3',
    text: '#17202a',
    muted: '#566473',
    mr: '#2f63c9',
    ct: '#8f5a00',
    sct: '#007a62',
    stop: '#b3262c',
  },
} as const;

/** Of methods, in the order of columns; the first is what others are compared with. */
const methodColours = {
  dark: ['#a8b3bf', '#5fd3b8', '#f2b661', '#84aefc', '#f08bb4', '#b9a0f5', '#8fd16a', '#f09070'],
  light: ['#566473', '#007a62', '#a86400', '#2f63c9', '#b02f6b', '#6b46c1', '#3f7d20', '#b8431f'],
} as const;

/** The CSS colour of the method in a column. */
export function methodColour(column: number): string {
  return `var(--m${column % methodColours.light.length})`;
}

function variables(theme: 'light' | 'dark'): string {
  const own = Object.entries(windowColours[theme]).map(([name, value]) => `--${name}:${value}`);
  const methods = methodColours[theme].map((value, at) => `--m${at}:${value}`);
  return [...own, ...methods, `color-scheme:${theme}`].join(';');
}

export const styleSheet = `
:root{${variables('light')}}
@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${variables('dark')}}}
@media screen{:root[data-theme=dark]{${variables('dark')}}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1320px;padding:24px;color:var(--text);background:var(--bg)}
h1{font-size:24px;line-height:1.25;margin:8px 0;overflow-wrap:anywhere}
h2{font-size:18px;margin:0 0 8px}
h3{font-size:15px;margin:20px 0 8px}
p{margin:4px 0;max-width:80ch}
ul{margin:8px 0;padding-left:20px;max-width:100ch}
section{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:20px 24px;margin:20px 0}
.note,figcaption,caption,small,.axis text{color:var(--muted)}
.research{border-left:3px solid var(--ct);padding-left:12px}
.failed{border-left:3px solid var(--stop);padding-left:12px}
.scroll{overflow-x:auto}
.beside table{font-size:13px}.beside th,.beside td{padding-right:6px}.beside .number{padding-left:10px}.beside td small{font-size:11px}
.beside{display:flex;flex-wrap:wrap;gap:8px 40px;align-items:flex-start}
table{border-collapse:collapse;margin:12px 0;font-size:14px;font-variant-numeric:tabular-nums}
caption{text-align:left;padding-bottom:6px;font-size:13px}
th,td{text-align:left;font-weight:400;padding:5px 16px 5px 0;border-bottom:1px solid var(--line);vertical-align:top;white-space:nowrap}
thead th{font-weight:600;vertical-align:bottom;white-space:normal}thead th.number{min-width:76px}
td.number small{white-space:nowrap}
td small,th small{display:block;font-size:12px;font-weight:400}
.number{text-align:right;padding:5px 0 5px 16px}
.best{font-weight:700}.good{color:var(--sct)}.bad{color:var(--stop)}
.grid{display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(210px,1fr));align-items:start}
.grid.slices{grid-template-columns:repeat(var(--columns),1fr)}
.grid.wide{grid-template-columns:repeat(auto-fill,minmax(330px,1fr))}
.grid.small{grid-template-columns:repeat(auto-fill,minmax(150px,1fr))}
figure{margin:0;break-inside:avoid}
figcaption{font-size:13px;margin-top:4px}
figcaption b{color:var(--text)}
figcaption b.mr{color:var(--mr)}figcaption b.ct{color:var(--ct)}figcaption b.sct{color:var(--sct)}
svg.picture,svg.chart{display:block;width:100%;height:auto}
svg.picture{background:#000;border-radius:4px;margin-bottom:4px}
svg.picture .mark{fill:#ff4842;stroke:#000;stroke-width:.6;paint-order:stroke}
svg.chart text{font:11px system-ui,sans-serif;fill:var(--muted)}
svg.chart .title{font-size:13px;font-weight:600;fill:var(--text)}
svg.chart .line{stroke:var(--line);fill:none}
svg.chart .reference{stroke:var(--muted);stroke-dasharray:4 3;fill:none}
svg.chart .pair{stroke:var(--muted);opacity:.22;fill:none}
pre{background:var(--bg);border:1px solid var(--line);border-radius:4px;padding:10px 12px;overflow-x:auto;font-size:12.5px;white-space:pre-wrap;overflow-wrap:anywhere}
@page{size:A4 landscape;margin:12mm}
@media print{body{padding:0;max-width:none;font-size:11px;background:none;-webkit-print-color-adjust:exact;print-color-adjust:exact}section{border:0;padding:0;margin:0 0 8mm}h2,h3,.note{break-after:avoid}caption,figcaption{font-size:11px}h2{font-size:15px}h3{font-size:13px}table,.beside table{font-size:10px}td small,th small,.beside td small{font-size:9px}p,caption{break-inside:avoid}th,td{padding-top:2px;padding-bottom:2px}.scroll{overflow:visible}.grid.wide{grid-template-columns:repeat(3,1fr)}.grid.small{grid-template-columns:repeat(7,1fr)}}
`;
