/** How the page looks: one column, light or dark as the reader's system has it. */
export const style: string = `
:root { --ink: #1b2430; --soft: #5b6776; --line: #dfe4ea; --ground: #fbfcfd; --card: #ffffff; --ours: #0b7a75; --good: #0b7a75; --bad: #b3261e; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaef; --soft: #9aa7b5; --line: #2c3641; --ground: #11161c; --card: #181f27; --ours: #3fc1b8; --good: #3fc1b8; --bad: #ff8a80; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: clamp(1.6rem, 5vw, 2.4rem); line-height: 1.15; margin: 0 0 .5rem; letter-spacing: -.02em; }
h2 { font-size: 1.25rem; margin: 3rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; }
p { margin: .25rem 0 1rem; max-width: 46rem; }
.soft { color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--line); }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: var(--ground); }
.card th:first-child, .card td:first-child { background: var(--card); }
thead th { color: var(--soft); font-weight: 500; vertical-align: bottom; }
thead th:not(:first-child) { white-space: normal; max-width: 6.5rem; }
tr.ours td { font-weight: 650; color: var(--ours); }
tr.bound td { font-style: italic; }
.heat td:not(:first-child) { border: 2px solid var(--ground); border-radius: 6px; min-width: 3.4rem; }
.controls { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; }
select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .75rem; max-width: 100%; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 1rem; }
.charts + .scroll { margin-top: 1.5rem; }
.scroll + h3 { margin-top: 2rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1rem; min-width: 0; }
.card p { font-size: .875rem; margin: 0 0 .5rem; }
.chart { width: 100%; height: 340px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; font-size: .875rem; }
dt { font-weight: 600; } dd { margin: 0; color: var(--soft); }
@media (max-width: 560px) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .5rem; } .chart { height: 300px; } }
`;
