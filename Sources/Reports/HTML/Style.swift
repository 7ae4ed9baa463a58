/// The look of the page.
///
/// The palette keeps its order of lightness for people who do not tell red from green, and every
/// colour is doubled by a mark, a dash or a word.
enum Style {
  static let sheet: Markup = "\(colours)\(type)\(tables)\(charts)\(small)\(paper)"

  private static let colours: Markup = """
    :root {
      color-scheme: light dark;
      --paper: #fff; --ink: #1b1b1b; --soft: #595959; --rule: #d4d4d4; --faint: #ececec;
      --wash: #f6f6f4; --link: #0b5394; --good: #1c6b34; --bad: #a8200d; --heat: #e0a458;
      --s0: #0b62a4; --s1: #bf4a00; --s2: #00795a; --s3: #96407a; --s4: #7a5f00; --s5: #4d4d4d;
      --s6: #2586ad; --s7: #7d1f2b;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #151617; --ink: #e8e6e3; --soft: #a9a7a3; --rule: #47494c; --faint: #2a2c2e;
        --wash: #1d1f21; --link: #8ec1f5; --good: #7fcf98; --bad: #ff9a86; --heat: #8a5416;
        --s0: #74b4f2; --s1: #ff9c5b; --s2: #52cba6; --s3: #e59dca; --s4: #e0c04f; --s5: #c4c4c4;
        --s6: #86dcf7; --s7: #f28b90;
      }
    }

    """

  private static let type: Markup = """
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0 auto; padding: 2.5rem clamp(1rem, 4vw, 3rem) 5rem; max-width: 80rem;
      background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
      font-variant-numeric: tabular-nums lining-nums;
      overflow-wrap: break-word;
    }
    h1 { font-size: 1.75rem; line-height: 1.2; font-weight: 600; margin: 0 0 1rem; }
    h2 { font-size: 1.3rem; font-weight: 600; margin: 4rem 0 1rem; }
    h3 { font-size: 1.05rem; font-weight: 600; margin: 2.25rem 0 .5rem; }
    p { max-width: 68ch; margin: .5rem 0 1rem; }
    a { color: var(--link); }
    code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    code { font-size: .875em; }
    pre {
      font-size: .8125rem; line-height: 1.45; background: var(--wash); padding: .75rem 1rem;
      overflow: auto; max-height: 24rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .5rem 0;
    }
    .verdict { font-size: 1.15rem; margin: .25rem 0; }
    .verdict.good strong, .verdict.good span { color: var(--good); }
    .verdict.bad strong, .verdict.bad span { color: var(--bad); }
    .lead { color: var(--soft); }
    .left-out { color: var(--soft); font-style: italic; }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); column-gap: 3rem; }
    dl { margin: 0; }
    dl.reading { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.25rem; font-size: .9375rem; }
    dl.metrics { font-size: .9375rem; }
    dl.metrics dd { margin-bottom: .5rem; }
    dd { margin: 0; }
    dt { font-weight: 600; }
    dl.facts div { display: grid; grid-template-columns: 10rem 1fr; gap: .25rem 1rem; padding: .3rem 0; border-top: 1px solid var(--faint); }
    dl.facts dt { font-weight: 400; color: var(--soft); }
    nav ul { list-style: none; margin: 2rem 0 0; padding: .6rem 0; display: flex; flex-wrap: wrap; gap: .35rem 1.4rem; border-block: 1px solid var(--rule); }
    details { margin: .5rem 0 1rem; }
    summary { cursor: pointer; color: var(--link); width: fit-content; max-width: 100%; }
    .skip { position: absolute; left: -100vw; }
    .skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .25rem .5rem; }
    :focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    ol.failures { padding-left: 1.5rem; }
    ol.failures > li { margin: 0 0 1.75rem; max-width: 60rem; }
    ol.failures p { margin: .15rem 0; max-width: none; }
    ol.failures .message { white-space: pre-wrap; unicode-bidi: isolate; }
    ol.failures .where { color: var(--soft); font-size: .875rem; }
    ol.failures details { margin: .25rem 0; }

    """

  private static let tables: Markup = """
    .scroll { overflow-x: auto; margin: .75rem 0 1.5rem; max-width: 100%; }
    table { border-collapse: collapse; font-size: .9375rem; line-height: 1.4; border-bottom: 1px solid var(--ink); }
    caption { text-align: left; color: var(--soft); font-size: .875rem; padding: 0 0 .4rem; }
    caption > div { position: sticky; left: 0; width: fit-content; max-width: calc(100vw - 2 * clamp(1rem, 4vw, 3rem)); }
    caption b { color: var(--ink); font-weight: 600; }
    th, td { text-align: left; vertical-align: top; padding: .35rem 1.1rem .35rem 0; font-weight: 400; }
    td { max-width: 32rem; }
    .n { text-align: right; white-space: nowrap; }
    thead th.n { white-space: normal; }
    th:last-child, td:last-child { padding-right: 0; }
    thead th { border-top: 1px solid var(--ink); border-bottom: 1px solid var(--rule); vertical-align: bottom; font-weight: 600; white-space: nowrap; }
    tbody tr + tr > * { border-top: 1px solid var(--faint); }
    tbody th { background: var(--paper); min-width: 6rem; max-width: 22rem; overflow-wrap: anywhere; }
    .matrix tbody th:first-child, .heatmap tbody th { position: sticky; left: 0; }
    .matrix td.n { padding-left: .6rem; }
    td b { font-weight: 650; }
    .interval, .spread, .incomplete { font-size: .8125rem; color: var(--soft); white-space: nowrap; }
    .matrix .interval, .matrix .spread, .matrix .incomplete { display: block; }
    .incomplete { white-space: normal; max-width: 12rem; margin-left: auto; }
    .none { color: var(--soft); font-style: italic; }
    .failed, .broken { color: var(--bad); font-weight: 600; }
    .held { color: var(--good); font-weight: 600; }
    .tag { display: inline-block; font-size: .75rem; line-height: 1.2; border: 1px solid currentColor; border-radius: 2px; padding: 0 .3em; }
    .tag.oracle { border-style: dashed; }
    td > .tag { float: left; margin: .15rem .5rem 0 0; }
    .digest { font-size: .75rem; overflow-wrap: anywhere; }
    .heatmap { border-collapse: separate; border-spacing: 0; }
    .heatmap td { padding: 1px; }
    .heatmap thead th.n { padding-right: .5rem; }
    .heat { display: block; padding: .25rem .5rem; min-width: 4rem; background: color-mix(in srgb, var(--heat) var(--v), var(--paper)); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    th button { all: unset; cursor: pointer; font: inherit; }
    th button:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
    th button::after { content: " \\2195"; color: var(--soft); font-weight: 400; font-size: .75em; }
    th[aria-sort=ascending] button::after { content: " \\2191"; }
    th[aria-sort=descending] button::after { content: " \\2193"; }

    """

  private static let charts: Markup = """
    figure { margin: .75rem 0 1.5rem; min-width: 0; }
    figcaption { font-size: .875rem; color: var(--soft); margin-bottom: .5rem; max-width: 68ch; }
    figcaption strong { display: block; color: var(--ink); font-weight: 600; }
    .figures { display: flex; flex-wrap: wrap; gap: 1rem 3rem; align-items: flex-start; }
    .figures > * { max-width: min(100%, 35rem); }
    figure.square { max-width: 25rem; }
    .small-multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr)); gap: 1rem 2rem; }
    .beside { display: flex; flex-wrap: wrap; gap: 0 3rem; align-items: flex-start; }
    .beside > * { max-width: 100%; }
    svg { display: block; max-width: 100%; height: auto; overflow: visible; }
    svg text { font-size: 12px; fill: var(--ink); }
    svg .tick, svg .title { fill: var(--soft); }
    svg .mid { text-anchor: middle; }
    svg .end { text-anchor: end; }
    svg .note { font-size: 11px; fill: var(--soft); }
    svg .axis { stroke: var(--soft); stroke-width: 1; fill: none; }
    svg .grid { stroke: var(--faint); stroke-width: 1; }
    svg .leader { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 1 3; stroke-linecap: round; }
    svg .line { fill: none; stroke: var(--c); stroke-width: 1.6; stroke-linejoin: round; }
    svg .line.faint { stroke: var(--rule); stroke-width: 1; }
    svg .bar { stroke: var(--c); stroke-width: 1.3; }
    svg .gap { stroke: var(--rule); stroke-width: 6; }
    svg .mark { fill: var(--c); stroke: var(--paper); stroke-width: .8; }
    svg .count { fill: var(--soft); opacity: .6; }
    svg .label { fill: var(--c); }
    .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); }
    .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); }
    svg.whisker { --c: var(--soft); min-width: 220px; }
    svg.whisker .mark { --c: inherit; }
    svg.whisker.worse { --c: var(--bad); } svg.whisker.better { --c: var(--good); }
    .diff td { vertical-align: middle; } .diff tbody th { vertical-align: middle; }
    ul.findings { margin: 0; padding-left: 1.1rem; }
    .legend { list-style: none; margin: 0 0 .5rem; padding: 0; display: flex; flex-wrap: wrap; gap: .15rem 1.2rem; font-size: .8125rem; }
    .legend li { display: inline-flex; align-items: center; gap: .4rem; overflow-wrap: anywhere; }
    .swatch { flex: none; }
    .narrow { display: none; }

    """

  private static let small: Markup = """
    @media (max-width: 760px) {
      .wide { display: none; }
      .narrow { display: block; }
      body { padding-top: 1.5rem; }
      h1 { font-size: 1.4rem; }
      h2 { margin-top: 3rem; }
      table { font-size: .875rem; }
      th, td { padding-right: .8rem; }
      tbody th { max-width: 9.5rem; }
      .heatmap tbody th { min-width: 8rem; }
      dl.reading { grid-template-columns: 1fr; gap: .1rem; }
      dl.reading dd { margin-bottom: .6rem; }
      dl.facts div { grid-template-columns: 1fr; gap: 0; }
    }

    """

  private static let paper: Markup = """
    @media print {
      body { padding: 0; max-width: none; font-size: 10pt; }
      nav, .skip, th button::after { display: none; }
      .scroll, pre { overflow: visible; max-height: none; }
      figure, tr, ol.failures > li { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
      thead { display: table-header-group; }
    }
    """
}
