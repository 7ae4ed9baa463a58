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
      --s0: #0b55a4; --s1: #bf4a00; --s2: #2f7a1f; --s3: #96407a; --s4: #7a5f00; --s5: #4d4d4d;
      --s6: #007f8c; --s7: #7d1f2b;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #151617; --ink: #e8e6e3; --soft: #a9a7a3; --rule: #47494c; --faint: #2a2c2e;
        --wash: #1d1f21; --link: #8ec1f5; --good: #7fcf98; --bad: #ff9a86; --heat: #8a5416;
        --s0: #7aaef5; --s1: #ff9c5b; --s2: #8fd27f; --s3: #e59dca; --s4: #e0c04f; --s5: #c4c4c4;
        --s6: #5fd7de; --s7: #f28b90;
      }
    }

    """

  private static let type: Markup = """
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0 auto; padding: 1.25rem clamp(1rem, 3.5vw, 2.75rem) 4rem; max-width: 84rem;
      background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial,
      sans-serif;
      font-variant-numeric: tabular-nums lining-nums;
      overflow-wrap: break-word;
    }
    h1 { font-size: 1.4rem; line-height: 1.2; font-weight: 600; margin: 0 0 .35rem; }
    h2 { font-size: 1.2rem; font-weight: 600; margin: 2rem 0 .6rem; }
    h3 { font-size: 1rem; font-weight: 600; margin: 1.5rem 0 .5rem; }
    .glance h3 { margin: 0 0 .6rem; }
    .worse h3 { margin: 0 0 -.5rem; }
    p { max-width: 68ch; margin: .5rem 0 1rem; }
    a { color: var(--link); }
    code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono",
      monospace; }
    code { font-size: .875em; }
    pre {
      font-size: .8125rem; line-height: 1.45; background: var(--wash); padding: .75rem 1rem;
      overflow: auto; max-height: 24rem; white-space: pre-wrap; overflow-wrap: anywhere;
      margin: .5rem 0;
    }
    .verdict { margin: .15rem 0; max-width: none; font-size: .9375rem; }
    .verdict > span { color: var(--soft); }
    .finding { font-size: 1.05rem; max-width: 110ch; margin: .3rem 0; }
    .verdict.good strong, .verdict.good span[aria-hidden] { color: var(--good); }
    .verdict.bad strong, .verdict.bad span[aria-hidden] { color: var(--bad); }
    .lead { color: var(--soft); }
    .left-out { color: var(--soft); font-style: italic; }
    .columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem),
      1fr)); column-gap: 3rem; }
    dl { margin: 0; }
    dl.reading { display: grid; grid-template-columns: max-content 1fr; gap: .5rem 1.25rem;
      font-size: .9375rem; }
    dl.metrics { font-size: .9375rem; }
    dl.metrics dd { margin-bottom: .5rem; }
    dd { margin: 0; }
    dt { font-weight: 600; }
    dl.facts div { display: grid; grid-template-columns: 10rem minmax(0, 1fr);
      overflow-wrap: anywhere; gap: .25rem 1rem; padding: .3rem 0;
      border-top: 1px solid var(--faint); }
    dl.facts dt { font-weight: 400; color: var(--soft); }
    details { margin: .4rem 0 .8rem; }
    details.part { margin: 0; border-top: 1px solid var(--rule); padding: .45rem 0; }
    main > section + details.part { margin-top: 2rem; }
    details.part:last-of-type { border-bottom: 1px solid var(--rule); }
    details.part > summary { color: var(--ink); width: auto; }
    details.part > summary h2 { display: inline; margin: 0; font-size: 1.05rem; }
    .heard { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden;
      clip-path: inset(50%); }
    .where { color: var(--soft); font-size: .8125rem; font-weight: 400; }
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
    table { border-collapse: collapse; font-size: .9375rem; line-height: 1.4;
      border-bottom: 1px solid var(--ink); }
    caption { text-align: left; color: var(--soft); font-size: .875rem; padding: 0 0 .4rem; }
    caption b { color: var(--ink); font-weight: 600; }
    th, td { text-align: left; vertical-align: top; padding: .35rem 1.1rem .35rem 0;
      font-weight: 400; }
    td { max-width: 32rem; }
    .n { text-align: right; white-space: nowrap; }
    thead th.n { white-space: normal; }
    th:last-child, td:last-child { padding-right: 0; }
    thead th { border-top: 1px solid var(--ink); border-bottom: 1px solid var(--rule);
      vertical-align: bottom; font-weight: 600; white-space: nowrap; }
    tbody tr + tr > * { border-top: 1px solid var(--faint); }
    tbody th { background: var(--paper); min-width: 6rem; max-width: 22rem;
      overflow-wrap: anywhere; }
    .matrix tbody th:first-child, .heatmap tbody th { position: sticky; left: 0; }
    .matrix td.n { padding-left: .6rem; }
    td b { font-weight: 650; }
    .interval, .spread, .incomplete { font-size: .8125rem; color: var(--soft); white-space: nowrap;
      }
    .matrix .interval, .matrix .spread, .matrix .incomplete { display: block; }
    .incomplete { white-space: normal; max-width: 12rem; margin-left: auto; }
    .none { color: var(--soft); font-style: italic; }
    .failed, .broken { color: var(--bad); font-weight: 600; }
    .held { color: var(--good); font-weight: 600; }
    .tag { display: inline-block; font-size: .75rem; line-height: 1.2;
      border: 1px solid currentColor; border-radius: 2px; padding: 0 .3em; }
    .tag.oracle { border-style: dashed; }
    td > .tag { float: left; margin: .15rem .5rem 0 0; }
    .digest { font-size: .75rem; overflow-wrap: anywhere; }
    .heatmap { border-collapse: separate; border-spacing: 0; table-layout: fixed; width: 100%;
      max-width: 344px; font-size: .75rem; border: 0; }
    .heatmap caption { color: var(--soft); padding-bottom: .25rem; font-size: .8125rem; }
    .heatmap thead th { border: 0; padding: 0 .3rem .2rem 0; font-size: .75rem;
      white-space: normal; }
    .heatmap thead th:first-child { width: 6.5rem; }
    .heatmap thead th.n span { display: inline-block; writing-mode: vertical-rl;
      transform: rotate(180deg); font-weight: 400; max-height: 6rem; overflow: hidden;
      white-space: nowrap; }
    .heatmap thead th.n { text-align: center; padding: 0 0 .2rem; }
    .heatmap thead .swatch { display: block; margin: .2rem auto 0; }
    .heatmap td, .heatmap tbody th { padding: 0; vertical-align: middle; min-width: 0;
      border: 0 !important; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
    .heat { display: block; margin: .5px; padding: .06rem .2rem; text-align: center;
      background: color-mix(in srgb, var(--heat) var(--v), var(--paper));
      print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    tr.group th { font-weight: 600; padding-top: 1rem; background: none; max-width: none; }
    tr.group .count { font-weight: 400; color: var(--soft); }
    tr.group .tally-bar { margin-top: .3rem; }
    .claims td:nth-child(2) { white-space: nowrap; }
    .claims tbody th { max-width: 34rem; }
    .filter { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center;
      margin: .75rem 0; font-size: .9375rem; }
    .filter input, .filter select { font: inherit; max-width: 100%; }
    [hidden] { display: none !important; }
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
    figcaption .said { display: block; }
    figcaption .said strong { display: inline; }
    .figures { columns: 21.5rem; column-gap: 2rem; }
    .figures > * { break-inside: avoid; padding-bottom: 1.4rem; }
    .figures > *, .panels > *, .worse > * { margin: 0; min-width: 0; }
    .glance { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.5rem 2.25rem;
      margin-top: .9rem; }
    .panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15.5rem),
      1fr)); gap: 1.1rem 1.5rem; align-items: start; }
    .panels figcaption, .figures figcaption, .worse figcaption { font-size: .8125rem;
      line-height: 1.35; margin-bottom: .3rem; }
    .worse { display: flex; flex-direction: column; gap: 1.1rem; }
    .few svg.plot { max-width: 30rem; }
    .panels.few { grid-template-columns: repeat(auto-fit, minmax(min(100%, 21.5rem), 1fr)); }
    @media (min-width: 64rem) { .glance:not(.whole) { grid-template-columns: minmax(0,
      1fr) 21.5rem; } }
    svg.plot { width: 100%; max-width: 344px; }
    svg { display: block; max-width: 100%; height: auto; overflow: visible; }
    svg text { font-size: 11px; fill: var(--ink); }
    svg text[class^=s] { fill: var(--c); }
    svg .tick, svg .title { fill: var(--soft); }
    svg .mid { text-anchor: middle; }
    svg .end { text-anchor: end; }
    svg .axis { stroke: var(--soft); stroke-width: 1; fill: none; }
    svg .grid { stroke: var(--faint); stroke-width: 1; }
    svg .leader { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 1 3;
      stroke-linecap: round; }
    svg .line { fill: none; stroke: var(--c); stroke-width: 1.6; stroke-linejoin: round; }
    svg .line.faint { stroke: var(--soft); stroke-width: 1; opacity: .25; }
    svg .bar { stroke: var(--c); stroke-width: 1.3; }
    svg .mark { fill: var(--c); stroke: var(--paper); stroke-width: .8; }
    svg .holds { fill: var(--good); opacity: .14; }
    .fill-good { --f: var(--good); } .fill-fair { --f: var(--s4); } .fill-bad { --f: var(--bad); }
      .fill-none { --f: var(--rule); }
    svg .tally { fill: var(--f); }
    .key { flex: none; width: .8rem; height: .8rem; background: var(--f); }
    svg .mark.faint { fill: var(--soft); opacity: .5; stroke: none; }
    .s0 { --c: var(--s0); } .s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); }
    .s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); } .s7 { --c: var(--s7); }
    svg.whisker { --c: var(--soft); }
    @media (min-width: 761px) { svg.whisker { min-width: 200px; } }
    svg.whisker.held { --c: var(--good); } svg.whisker.broken { --c: var(--bad); }
    svg.whisker .mark { --c: inherit; }
    svg.whisker.worse { --c: var(--bad); } svg.whisker.better { --c: var(--good); }
    .diff td { vertical-align: middle; } .diff tbody th { vertical-align: middle; }
    ul.findings { margin: 0; padding-left: 1.1rem; }
    .legend { list-style: none; margin: 0 0 .5rem; padding: 0; display: flex; flex-wrap: wrap;
      gap: .15rem 1.2rem; font-size: .8125rem; }
    .legend li { display: inline-flex; align-items: center; gap: .4rem; overflow-wrap: anywhere; }
    .swatch { flex: none; }

    """

  private static let small: Markup = """
    @media (max-width: 760px) {
      body { padding-top: 1rem; }
      dl.reading { grid-template-columns: 1fr; gap: .1rem; }
      dl.reading dd { margin-bottom: .6rem; }
      dl.facts div { grid-template-columns: minmax(0, 1fr); gap: 0; }
      table:not(.heatmap), table:not(.heatmap) :is(caption, tbody, tr, th, td) { display: block;
      max-width: none; }
      table:not(.heatmap) thead { display: none; }
      table:not(.heatmap) tbody tr { padding: .45rem 0; border-top: 1px solid var(--faint); }
      table:not(.heatmap) tbody tr > * { border: 0; padding: .05rem 0 !important;
      white-space: normal; text-align: left; }
      table:not(.heatmap) tbody th { font-weight: 600; position: static; }
      td[data-h]:not(:empty) { display: flex !important; flex-wrap: wrap; gap: 0 .75rem; }
      td[data-h]:not([data-h=""])::before { content: attr(data-h); flex: 0 0 8rem;
      color: var(--soft); font-size: .8125rem; }
      .matrix :is(.interval, .spread, .incomplete) { display: inline; margin: 0; }
      .interval, .spread { white-space: normal; }
      td { overflow-wrap: anywhere; min-width: 0; }
    }

    """

  private static let paper: Markup = """
    @media print {
      body { padding: 0; max-width: none; font-size: 10pt; }
      .skip, .filter, th button::after { display: none; }
      .scroll, pre { overflow: visible; max-height: none; }
      figure, tr, ol.failures > li { break-inside: avoid; }
      h2, h3 { break-after: avoid; }
      thead { display: table-header-group; }
    }
    """
}
