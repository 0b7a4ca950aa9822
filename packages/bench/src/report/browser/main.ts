// Draws the page in a browser.
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import {
  GridComponent,
  LegendScrollComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsCoreOption, init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

import { type Result } from "../../suite.ts";
import { type PageData } from "../page-data.ts";
import { amplification, latency, type Palette, regret, timeline } from "./charts.ts";
import { element } from "./element.ts";
import { behind, heat, numbers } from "./tables.ts";

use([
  BarChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendScrollComponent,
  MarkLineComponent,
  TooltipComponent,
  LabelLayout,
  SVGRenderer,
]);

const data = JSON.parse(document.querySelector("#data")?.textContent ?? "{}") as PageData;
const page = document.querySelector("#page") ?? document.body;
const keyOf = ({ row }: Result): string => `${row.scenario} (${row.variant})`;
const groups = Map.groupBy(data.results, keyOf);

function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: of("ink"),
    soft: of("soft"),
    line: of("line"),
    ours: of("ours"),
    bad: of("bad"),
    card: of("card"),
  };
}

const drawn: { chart: ReturnType<typeof init>; option: () => EChartsCoreOption }[] = [];

function card(title: string, text: string, option: () => EChartsCoreOption): HTMLElement {
  const place = element("div", { class: "chart", role: "img", "aria-label": `${title}. ${text}` });
  const whole = element("section", { class: "card" }, [
    element("h3", {}, [title]),
    element("p", { class: "soft" }, [text]),
    place,
  ]);
  requestAnimationFrame(() => {
    const chart = init(place, null, { renderer: "svg" });
    chart.setOption(option());
    drawn.push({ chart, option });
  });
  return whole;
}

function choice(
  label: string,
  names: readonly string[],
  onChoose: (name: string) => void,
): HTMLSelectElement {
  const select = element(
    "select",
    { "aria-label": label },
    names.map((name) => element("option", { value: name }, [name])),
  );
  select.addEventListener("change", () => onChoose(select.value));
  return select;
}

function show(name: string, policy: string, place: HTMLElement): void {
  for (const { chart } of drawn.splice(0)) chart.dispose();
  const all = groups.get(name) ?? [];
  const one = all.find(({ row }) => row.policy === policy) ?? all[0];
  const charts = [
    card(
      "Success against amplification",
      "Best is the upper left corner: everything answered, one request each.",
      () => amplification(all, palette()),
    ),
    card("Answered after how long", "A curve that ends low lost calls on the way.", () =>
      latency(all, palette()),
    ),
    card(
      "Beside the best that is possible",
      "Calls that could have been answered, and requests sent for nothing.",
      () => regret(all, palette()),
    ),
  ];
  if (one)
    charts.splice(
      2,
      0,
      card(`Requests of ${one.row.policy}`, "When they were sent, in the first run.", () =>
        timeline(one, palette()),
      ),
    );
  place.replaceChildren(
    element("p", {}, [data.titles[name] ?? ""]),
    element("div", { class: "charts" }, charts),
    element("div", { class: "scroll" }, [numbers(all)]),
    element("h3", {}, ["How far behind the best that is possible"]),
    element("div", { class: "scroll" }, [behind(all)]),
  );
}

function build(): void {
  const names = [...groups.keys()];
  const policies = [...new Set(data.results.map(({ row }) => row.policy))];
  const place = element("div");
  let [name, policy] = [names[0] ?? "", policies[0] ?? ""];
  const scenarios = choice("Scenario", names, (chosen) => show((name = chosen), policy, place));
  const others = choice("Policy of the timeline", policies, (chosen) =>
    show(name, (policy = chosen), place),
  );
  const about = Object.entries(data.policies).flatMap(([key, one]) => [
    element("dt", {}, [key]),
    element("dd", {}, [`${one.about} (${one.origin})`]),
  ]);
  page.replaceChildren(
    element("h1", {}, ["Holdfast beside its peers"]),
    element("p", { class: "soft" }, [
      "Every policy meets the same calls, the same luck and the same refusals, in virtual time; the oracle knows the future and marks what is possible.",
    ]),
    element("h2", {}, ["Answered within the deadline"]),
    element("p", { class: "soft" }, [
      "The worst variant of each scenario, in percent of its calls.",
    ]),
    element("div", { class: "scroll" }, [heat(data.results)]),
    element("h2", {}, ["One scenario"]),
    element("div", { class: "controls" }, [scenarios, others]),
    place,
    element("h2", {}, ["The policies"]),
    element("dl", {}, about),
    element("h2", {}, ["How it was measured"]),
    element("p", { class: "soft" }, [
      `${data.date}, ${data.machine}, ${Object.entries(data.versions)
        .map((pair) => pair.join(" "))
        .join(", ")}. ${data.command}`,
    ]),
  );
  show(name, policy, place);
}

build();
addEventListener("resize", () => {
  for (const { chart } of drawn) chart.resize();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const { chart, option } of drawn) chart.setOption(option(), true);
});
