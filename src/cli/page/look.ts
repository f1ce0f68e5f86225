/** The look of the page, light and dark. */
export const look = `
:root { color-scheme: light dark; --paper: #ffffff; --ink: #1b1f24; --quiet: #59636e; --line: #c9d1da; --yes: #2c7a3f; --no: #b3261e; --some: #a86400; --off: #8a94a0; --key: #0a6a74; --shade: #f3f5f7; --link: #0b57c0; --warn: #ffe08a; --err: #ffc4bd; --way: #d0410a; --trouble: #b0128f; }
@media (prefers-color-scheme: dark) { :root { --paper: #0d1117; --ink: #e6edf3; --quiet: #9aa4af; --line: #39424d; --yes: #57ab68; --no: #ff8578; --some: #e8b64c; --off: #6b7480; --key: #4dd0dc; --shade: #161b22; --link: #79b8ff; --warn: #5f4a00; --err: #7a2018; --way: #ff9d66; --trouble: #ff7ae0; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header { padding: 12px 20px 0; display: flex; gap: 16px; align-items: baseline; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 18px; } h3 { font-size: 15px; }
header p { color: var(--quiet); margin: 0; }
[role=tablist] { display: flex; gap: 4px; padding: 8px 16px 0; border-bottom: 1px solid var(--line); overflow-x: auto; }
[role=tab] { font: inherit; background: none; color: var(--ink); border: 0; border-bottom: 3px solid transparent; padding: 8px 14px; cursor: pointer; }
[role=tab][aria-selected=true] { border-color: var(--link); font-weight: 600; }
[role=tabpanel] { padding: 16px 20px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.picture svg { max-width: 100%; height: auto; }
.picture [data-node] { cursor: pointer; }
.picture .way { fill: none; stroke: var(--way); stroke-width: 4; }
.picture .off { fill: none; stroke: var(--no); stroke-width: 4; }
.picture .trouble { fill: none; stroke: var(--trouble); stroke-width: 5; } .picture circle.badge { fill: var(--trouble); } .picture text.badge { fill: var(--paper); font-weight: 700; }
.findings li { margin: 10px 0; }
table { border-collapse: collapse; } th, td { text-align: left; padding: 3px 12px 3px 0; vertical-align: top; border-bottom: 1px solid var(--line); } td, dd, pre, textarea { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 13px; }
thead th { position: sticky; top: 0; background: var(--paper); }
.scroll { overflow: auto; max-height: 70vh; }
.scroll table { table-layout: fixed; width: 100%; min-width: 1150px; } .scroll td { overflow-wrap: anywhere; }
.scroll th:nth-child(2) { width: 4em; } .scroll th:nth-child(3) { width: 8em; }
.detail h2 { outline: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; } dt { grid-column: 1; color: var(--quiet); } dd { grid-column: 2; margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; padding: 3px 0; }
button, select, input { font: inherit; color: inherit; background: var(--shade); border: 1px solid var(--line); border-radius: 5px; padding: 4px 10px; }
button.link { background: none; border: 0; padding: 0; color: var(--link); text-decoration: underline; cursor: pointer; }
button:disabled { color: var(--off); }
pre.file, pre.lines { background: var(--shade); padding: 10px; overflow: auto; max-height: 70vh; }
.t-comment { color: var(--quiet); } .t-section { font-weight: 700; } .t-key { color: var(--key); } .t-text { color: var(--some); } .t-number { color: var(--link); }
.good { color: var(--yes); } .bad { color: var(--no); }
.hops li { margin: 4px 0; } .said { min-height: 1.5em; } figure { margin: 16px 0; }
.drop { border: 2px dashed var(--line); border-radius: 8px; padding: 28px; } .drop.over { border-color: var(--link); }
.editor { position: relative; height: 60vh; }
.editor textarea, .editor .behind { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; padding: 10px; border: 1px solid var(--line); border-radius: 5px; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; white-space: pre; overflow: auto; tab-size: 4; }
.editor .behind { color: transparent; background: var(--shade); overflow: hidden; } .editor textarea { background: transparent; resize: none; }
mark { color: transparent; } mark.error { background: var(--err); } mark.warning { background: var(--warn); }
#faults { padding-left: 1.5em; } #faults .error { color: var(--no); } #faults small { color: var(--quiet); }
footer { padding: 8px 20px 20px; color: var(--quiet); font-size: 13px; } footer pre { white-space: pre-wrap; }
`
