// The two files that the pages load from the service itself: the report's style with the dashboard's own rules, and the
// script that keeps pages live. The script renders nothing: it fetches the page that is open and puts the parts that are
// marked live, and that changed, in place of the old ones. What is typed or has the focus stays.

/// The files that pages load.
public enum DashboardAssets {
    /// The style sheet.
    public static var style: String { StyleSheet.markup.source + own.source }

    private static let own = Markup(
        literal: """
            body.dashboard { padding-top: 0; }
            .skip { position: absolute; left: -100rem; } .skip:focus { position: static; }
            .bar { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; justify-content: space-between;
              padding: .6rem 0; border-bottom: 1px solid var(--line); }
            .bar ul, .filters ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0; padding: 0; list-style: none; }
            time { white-space: nowrap; } .tiles time { white-space: normal; }
            .dashboard tbody tr:last-child > * { border-bottom: 0; }
            li:has(pre) + li { margin-top: .6rem; }
            td meter { min-width: 7rem; }
            .bar a, .filters a { display: inline-block; padding: .3rem 0; }
            .bar form { display: flex; gap: .75rem; align-items: center; margin: 0; }
            [aria-current] { font-weight: 700; color: var(--ink); text-decoration: none; }
            main:focus { outline: none; }
            .crumbs { margin: 1rem 0 0; font-size: .9rem; }
            .dashboard h1 { margin: .75rem 0 .5rem; }
            .dashboard h2 { margin-top: 2rem; }
            .dashboard h2:first-child { margin-top: 1rem; }
            .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: .75rem 1.5rem; }
            .tiles div { display: block; padding: 0; }
            .tiles dt { font-size: .85rem; } .tiles dd { font-weight: 600; }
            .card { border: 1px solid var(--line); border-radius: .4rem; padding: 1rem; min-width: 0; }
            .card h3 { margin: 0; font-size: 1.05rem; }
            .card dl { margin: .5rem 0; } .card .notice { margin-bottom: 0; font-size: .9rem; }
            .progress { max-width: none; }
            progress, meter { width: 100%; height: .9rem; display: block; margin-bottom: .25rem; }
            progress { accent-color: var(--accent); }
            .reasons { padding-left: 1.1rem; } .reasons .detail { display: block; }
            form { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; margin: .75rem 0; }
            form.stacked { flex-direction: column; align-items: stretch; max-width: 22rem; }
            input { font: inherit; color: var(--ink); background: var(--page); border: 1px solid var(--quiet);
              border-radius: .3rem; padding: .4rem .6rem; min-width: min(20rem, 100%); }
            button { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--quiet);
              border-radius: .3rem; padding: .4rem .8rem; cursor: pointer; }
            label { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; }
            a:focus-visible, button:focus-visible, input:focus-visible, .scroll:focus-visible {
              outline: 3px solid var(--accent); outline-offset: 2px; }
            .chart .used { fill: var(--accent); opacity: .35; }
            .chart .allowed { fill: none; stroke: var(--ink); stroke-width: 1.5; }
            :root { --t-provider: #2f6fb7; --t-queue: #a8541c; --t-backoff: #e0a030; --t-local: #7d5bb5; }
            @media (prefers-color-scheme: dark) {
              :root { --t-provider: #4f94dd; --t-queue: #c06a30; --t-backoff: #e3ab48; --t-local: #9a7ad0; }
            }
            .t-provider { fill: var(--t-provider); background: var(--t-provider); }
            .t-queue { fill: var(--t-queue); background: var(--t-queue); }
            .t-backoff { fill: var(--t-backoff); background: var(--t-backoff); }
            .t-local { fill: var(--t-local); background: var(--t-local); }
            .time-bar { display: block; width: 12rem; height: .9rem; margin: .3rem 0 .1rem; }
            figure { margin: .5rem 0; } figcaption { color: var(--quiet); font-size: .85rem; margin-bottom: .35rem; }
            li.notice { list-style-position: inside; }

            """
    )

    /// The script.
    public static let script = """
        // Keeps the page live: on each event of the service it fetches the page again and exchanges what changed.
        "use strict";
        (() => {
          const state = document.getElementById("live-state");
          const say = (text) => { if (state && state.textContent !== text) state.textContent = text; };
          let busy = false;
          const renew = async () => {
            if (busy || document.hidden) return;
            busy = true;
            try {
              const answer = await fetch(location.href, { headers: { accept: "text/html" }, redirect: "error" });
              if (!answer.ok) throw new Error(String(answer.status));
              const page = new DOMParser().parseFromString(await answer.text(), "text/html");
              for (const part of page.querySelectorAll("[data-live]")) {
                const old = document.getElementById(part.id);
                if (!old || old.innerHTML === part.innerHTML || old.contains(document.activeElement)) continue;
                const places = [...old.querySelectorAll(".scroll")].map((box) => box.scrollLeft);
                old.replaceWith(part);
                part.querySelectorAll(".scroll").forEach((box, n) => { box.scrollLeft = places[n] || 0; });
              }
              say("This page is live.");
            } catch { say("No news from the service: what is shown may be old."); }
            busy = false;
          };
          if (!document.querySelector("[data-live]")) { say(""); return; }
          const events = new EventSource("/dashboard/live");
          events.addEventListener("look", renew);
          events.onopen = () => say("This page is live.");
          events.onerror = () => say("The connection is lost; it is tried again.");
          document.addEventListener("visibilitychange", renew);
        })();

        """
}
