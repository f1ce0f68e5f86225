/**
 * The look of a picture, light and dark. Everything is in classes, nothing in attributes, so that a page that admits no
 * styles but its own can have the same.
 */
export const style = `
.ciab-mesh { --paper: #ffffff; --ink: #1b1f24; --quiet: #59636e; --edge: #8a94a0; --tunnel: #8a94a0; --session: #0b62c4; --relay: #b3261e; --node: #1f5fae; --site: #c9d1da; --letter: #ffffff;
  --c0: #0a6a74; --c1: #a33d0b; --c2: #6a3fb5; --c3: #256b2b; --c4: #a3195b; --c5: #7a5200; --c6: #2a55c9; --c7: #5a5f66; }
@media (prefers-color-scheme: dark) {
  .ciab-mesh { --paper: #0d1117; --ink: #e6edf3; --quiet: #9aa4af; --edge: #7d8794; --tunnel: #7d8794; --session: #58a6ff; --relay: #ff8578; --node: #6cb2ff; --site: #39424d; --letter: #0d1117;
    --c0: #4dd0dc; --c1: #ff9d66; --c2: #c3a4ff; --c3: #7ddb84; --c4: #ff8fc0; --c5: #e8b64c; --c6: #8fb3ff; --c7: #b4bcc6; }
}
.ciab-mesh text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace; fill: var(--ink); }
.ciab-mesh .paper { fill: var(--paper); }
.ciab-mesh .name, .ciab-mesh .heading { font-weight: 700; }
.ciab-mesh .field, .ciab-mesh .site-name, .ciab-mesh .note { fill: var(--quiet); }
.ciab-mesh path { fill: none; }
.ciab-mesh .tunnels { stroke: var(--tunnel); stroke-width: 1.2; }
.ciab-mesh .sessions { stroke: var(--session); stroke-width: 1.4; }
.ciab-mesh .many { stroke-width: 0.5; }
.ciab-mesh .w1 { stroke-width: 0.6; }
.ciab-mesh .w2 { stroke-width: 0.9; }
.ciab-mesh .w3 { stroke-width: 1.4; }
.ciab-mesh .w4 { stroke-width: 2.2; }
.ciab-mesh .arrows { fill: var(--tunnel); stroke: none; }
.ciab-mesh .sessions-arrows { fill: var(--session); stroke: none; }
.ciab-mesh .relayed { stroke: var(--relay); stroke-width: 1.6; stroke-dasharray: 6 4; }
.ciab-mesh .apart { stroke: var(--relay); stroke-width: 1.6; stroke-dasharray: 1 5; stroke-linecap: round; }
.ciab-mesh .leader { stroke: var(--edge); stroke-width: 1; }
.ciab-mesh .site { stroke: var(--site); stroke-width: 6; stroke-linecap: round; }
.ciab-mesh .node .body { fill: var(--node); stroke: var(--node); stroke-width: 2; }
.ciab-mesh .node.nat .body { fill: var(--paper); }
.ciab-mesh .ring { fill: none; stroke: var(--relay); stroke-width: 2; }
.ciab-mesh .node.dot .body { stroke-width: 1; }
.ciab-mesh .node.relaying .body { stroke: var(--relay); stroke-width: 1.6; }
.ciab-mesh .bubble { fill: var(--paper); stroke: var(--edge); stroke-width: 1.2; }
.ciab-mesh .mark text { fill: var(--letter); font-weight: 700; }
${[0, 1, 2, 3, 4, 5, 6, 7].map(color => `.ciab-mesh .c${color} rect { fill: var(--c${color}); }`).join('\n')}
`
