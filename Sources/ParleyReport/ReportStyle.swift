// The report's style sheet: dark and light by the reader's setting, tables that scroll by themselves on a phone.
// Colours of kinds differ in lightness too, for readers who do not see them.

enum ReportStyle {
    static let text = """
        :root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--faint:#667;--line:#d5d9e0;--accent:#0b5cad;--warn:#8a3b00}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--paper:#14171b;--faint:#9aa3ad;--line:#343a42;--accent:#7db7f5;--warn:#ffb27a}}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
        main{max-width:60rem;margin:0 auto;padding:1rem}
        h1{line-height:1.2}h2{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}
        a{color:var(--accent)}
        code{font-size:.8em;overflow-wrap:anywhere}
        .facts{color:var(--faint)}
        .banner{border:2px solid var(--warn);color:var(--warn);padding:.5rem 1rem;font-weight:600}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;margin:1rem 0;font-size:.9rem;font-variant-numeric:tabular-nums}
        caption{text-align:left;color:var(--faint);padding:.2rem 0}
        th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
        thead th{font-weight:600}tbody th{font-weight:500;white-space:nowrap}
        svg{width:100%;height:auto;display:block;margin:.5rem 0}
        svg text{fill:currentColor;font-size:12px}
        .grid{stroke:var(--line)}.interval{stroke:var(--accent);stroke-width:3}.dot{fill:var(--accent)}.none{opacity:.6}
        .k-scored{fill:#2f7fd1;background:#2f7fd1}.k-answered{fill:#8fb9e3;background:#8fb9e3}
        .k-refused{fill:#e0a100;background:#e0a100}.k-filtered{fill:#b3541e;background:#b3541e}
        .k-truncated{fill:#6fae75;background:#6fae75}.k-limited{fill:#3c6e47;background:#3c6e47}
        .k-unscorable{fill:#9b6bb3;background:#9b6bb3}.k-failed{fill:#b00020;background:#b00020}
        .legend{font-size:.85rem;margin:.2rem 0}.key{margin-right:1rem;white-space:nowrap}
        .key i{display:inline-block;width:.9em;height:.9em;vertical-align:-.1em}
        details{border:1px solid var(--line);border-radius:4px;padding:.4rem .8rem;margin:.4rem 0}
        summary{cursor:pointer}
        h4{margin:.6rem 0 .2rem;font-size:.85rem;color:var(--faint)}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font-size:.85rem;max-height:24rem;overflow-y:auto}
        .reasoning{border-left:3px solid var(--line);padding-left:.6rem;color:var(--faint)}
        @media print{details{break-inside:avoid}nav{display:none}}
        """
}
