// How the report looks. Colours are custom properties with a light and a dark value; the nine of outcome kinds differ
// in lightness as well as in hue. No rule uses a character that XML would need escaped.

enum StyleSheet {
    static let markup = Markup(
        literal: """

            :root { color-scheme: light dark; --ink: #1b1f24; --quiet: #59636e; --page: #ffffff; --panel: #f6f8fa;
              --line: #d1d9e0; --link: #0757ba; --accent: #0b5cad; --notice: #fff1d6; --notice-edge: #b06f00;
              --edge: #59636e66;
              --k-scored: #2f6fb7; --k-answered: #9cc3ea; --k-refused: #e0a030; --k-filtered: #a8541c;
              --k-truncated: #7d5bb5; --k-limited: #c9a5dd; --k-unscorable: #6b7683; --k-failed: #b3262e;
              --k-never: #dfe3e8; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e6eaef; --quiet: #9aa5b1; --page: #0f1318; --panel: #181e25; --line: #343d47;
                --link: #7ab7ff; --accent: #6cb0f5; --notice: #3a2a08; --notice-edge: #e0a030;
                --edge: #9aa5b166;
                --k-scored: #4f94dd; --k-answered: #a9cdf0; --k-refused: #e3ab48; --k-filtered: #c06a30;
                --k-truncated: #9a7ad0; --k-limited: #d4b8e4; --k-unscorable: #8b96a3; --k-failed: #e0575e;
                --k-never: #2c343d; }
            }
            * { box-sizing: border-box; }
            body { margin: 0 auto; padding: 1rem clamp(1rem, 4vw, 2.5rem) 4rem; max-width: 72rem; background: var(--page);
              color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
            h1 { font-size: 1.75rem; line-height: 1.2; margin: 1rem 0; }
            h2 { font-size: 1.3rem; margin: 3rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
            h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
            h4 { font-size: .8rem; margin: .75rem 0 .15rem; color: var(--quiet); }
            p { margin: .5rem 0; max-width: 44rem; }
            a { color: var(--link); }
            code, pre { font-family: ui-monospace, monospace; font-size: .85em; }
            pre { white-space: pre-wrap; margin: 0; padding: .6rem .8rem; background: var(--panel);
              border: 1px solid var(--line); border-radius: .3rem; max-height: 30rem; overflow: auto; }
            .notice { max-width: none; padding: .7rem 1rem; background: var(--notice);
              border-left: .35rem solid var(--notice-edge); font-weight: 600; }
            .detail { color: var(--quiet); font-size: .85rem; font-weight: 400; }
            td .detail, th .detail { display: block; }
            dl { margin: .75rem 0; }
            dl div { display: grid; grid-template-columns: 9rem 1fr; gap: 1rem; padding: .25rem 0; }
            dt { color: var(--quiet); }
            dd { margin: 0; max-width: 44rem; min-width: 0; }
            ul.plain { margin: 0; padding: 0; list-style: none; }
            .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 3rem; }
            .chart { display: block; width: 100%; max-width: 34rem; height: auto; }
            .chart text { font: 11px system-ui, sans-serif; fill: var(--ink); paint-order: stroke; stroke: var(--page);
              stroke-width: 3px; stroke-linejoin: round; }
            .chart .tick, .chart .value { fill: var(--quiet); font-variant-numeric: tabular-nums; }
            .chart .label { font-weight: 600; }
            .chart .grid { stroke: var(--line); stroke-width: 1; }
            .chart .interval { stroke: var(--accent); stroke-width: 3; stroke-linecap: round; opacity: .55; }
            .chart .dot { fill: var(--accent); stroke: var(--page); stroke-width: 1.5; }
            .chart rect { stroke: var(--page); stroke-width: 1; }
            .legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: 0; margin: .25rem 0; list-style: none;
              font-size: .85rem; }
            .swatch { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: .15em; }
            .k-scored { fill: var(--k-scored); background: var(--k-scored); }
            .k-answered { fill: var(--k-answered); background: var(--k-answered); }
            .k-refused { fill: var(--k-refused); background: var(--k-refused); }
            .k-filtered { fill: var(--k-filtered); background: var(--k-filtered); }
            .k-truncated { fill: var(--k-truncated); background: var(--k-truncated); }
            .k-limited { fill: var(--k-limited); background: var(--k-limited); }
            .k-unscorable { fill: var(--k-unscorable); background: var(--k-unscorable); }
            .k-failed { fill: var(--k-failed); background: var(--k-failed); }
            .k-never { fill: var(--k-never); background: var(--k-never); }
            .scroll { overflow-x: auto; margin: 1rem 0; background:
              linear-gradient(to left, var(--page) 40%, transparent) right / 3rem 100% no-repeat local,
              linear-gradient(to left, var(--edge), transparent) right / 1rem 100% no-repeat scroll; }
            table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; min-width: 100%; }
            caption { text-align: left; color: var(--quiet); font-size: .85rem; padding-bottom: .35rem; }
            caption span { display: inline-block; position: sticky; left: 0; max-width: min(44rem, 100vw - 2rem); }
            th, td { padding: .35rem .75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
              overflow-wrap: normal; }
            th.number, td.number { text-align: right; white-space: nowrap; }
            thead th { color: var(--quiet); font-weight: 600; vertical-align: bottom; white-space: nowrap; }
            th[scope=row] { font-weight: 600; position: sticky; left: 0; background: var(--page); }
            tr th:first-child { padding-left: 0; }
            .flag { display: block; width: fit-content; font-weight: 400; font-size: .75rem; padding: 0 .4rem;
              border: 1px solid var(--line); border-radius: .6rem; }
            td.text { min-width: 7rem; }
            .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem; }
            .cards dl { font-size: .9rem; }
            details { border: 1px solid var(--line); border-radius: .3rem; margin: .4rem 0; padding: .4rem .8rem; }
            details[open] { padding-bottom: .8rem; }
            summary { cursor: pointer; }
            summary .detail { margin-left: .6rem; }
            :target { scroll-margin-top: 1rem; outline: 2px solid var(--accent); outline-offset: .4rem; }
            footer { margin-top: 3rem; color: var(--quiet); font-size: .85rem; }
            @media (max-width: 40rem) {
              dl div { grid-template-columns: 1fr; gap: 0; }
              th[scope=row] { min-width: 7rem; max-width: 9rem; overflow-wrap: break-word; }
            }
            .status { font-weight: 600; white-space: nowrap; padding: 0 .4rem; border: 1px solid var(--notice-edge);
              border-radius: .3rem; }
            .s-shown { border-color: var(--accent); }
            .example { margin: .4rem 0; padding: .2rem .8rem; border-left: .2rem solid var(--line); }
            @media print {
              :root { color-scheme: light; --ink: #000000; --quiet: #444444; --page: #ffffff; --panel: #ffffff;
                --line: #999999; --link: #000000; --notice: #ffffff; }
              body { max-width: none; padding: 0; font-size: 10pt; }
              .scroll { overflow: visible; background: none; } pre { max-height: none; }
              table { font-size: 7.5pt; } th, td { padding: .15rem .3rem; } td.text { min-width: 0; }
              th[scope=row] { position: static; }
              h2, h3 { break-after: avoid; } tr, .example, dl div { break-inside: avoid; }
            }

            """
    )
}
