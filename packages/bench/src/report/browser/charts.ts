// The four charts of one variant of a scenario.
import { type EChartsCoreOption } from "echarts/core";

import { type Result } from "../../suite.ts";

/** Colours of the page as it is shown now. */
export interface Palette {
  ink: string;
  soft: string;
  line: string;
  ours: string;
  bad: string;
  card: string;
}

const isOurs = (policy: string): boolean => policy.startsWith("holdfast");
const isBound = (policy: string): boolean => policy.startsWith("oracle");

/** Peers keep their colour from chart to chart. */
const peers = [
  "#7a8fb5",
  "#c08457",
  "#9b7bb8",
  "#6f9e6a",
  "#b5727f",
  "#5f9aa8",
  "#a39a5a",
  "#8a8a8a",
];

function colourOf(policy: string, all: readonly Result[], palette: Palette): string {
  if (isOurs(policy)) return palette.ours;
  if (isBound(policy)) return palette.ink;
  const index = all.findIndex(({ row }) => row.policy === policy);
  return peers[index % peers.length] ?? palette.soft;
}

function base(palette: Palette): EChartsCoreOption {
  return {
    animation: false,
    textStyle: { color: palette.ink, fontFamily: "system-ui, sans-serif" },
    grid: { left: 12, right: 24, top: 64, bottom: 34, containLabel: true },
    tooltip: {
      confine: true,
      backgroundColor: palette.card,
      borderColor: palette.line,
      textStyle: { color: palette.ink },
    },
  };
}

function axis(palette: Palette, name: string): object {
  return {
    name,
    nameTextStyle: { color: palette.soft, align: "left" },
    axisLine: { lineStyle: { color: palette.line } },
    axisLabel: { color: palette.soft, hideOverlap: true },
    splitLine: { lineStyle: { color: palette.line } },
  };
}

const below = { nameLocation: "middle", nameGap: 28, nameTextStyle: { align: "center" } };

/** Success against amplification: the upper left corner is where one wants to be. */
export function amplification(all: readonly Result[], palette: Palette): EChartsCoreOption {
  const rows = all.filter(({ row }) => Number.isFinite(row.attemptsPerAnswer));
  return {
    ...base(palette),
    xAxis: { type: "log", min: 0.8, ...axis(palette, "requests per answer"), ...below },
    yAxis: { type: "value", min: 0, max: 100, ...axis(palette, "answered, %") },
    series: rows.map(({ row }) => ({
      type: "scatter",
      name: row.policy,
      symbol: isBound(row.policy) ? "diamond" : "circle",
      symbolSize: isOurs(row.policy) || isBound(row.policy) ? 16 : 10,
      itemStyle: { color: colourOf(row.policy, all, palette), opacity: 0.9 },
      label: {
        show: true,
        formatter: row.policy,
        position: "right",
        color: isOurs(row.policy) ? palette.ours : palette.soft,
        fontWeight: isOurs(row.policy) ? "bold" : "normal",
      },
      labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
      data: [[row.attemptsPerAnswer, row.answered * 100]],
      z: isOurs(row.policy) ? 5 : 2,
    })),
  };
}

/** Which share of all calls was answered after how long: curves that end low lost calls. */
export function latency(all: readonly Result[], palette: Palette): EChartsCoreOption {
  return {
    ...base(palette),
    legend: legend(palette),
    tooltip: { ...(base(palette)["tooltip"] as object), trigger: "item", formatter: "{a}" },
    xAxis: { type: "log", ...axis(palette, "seconds"), ...below },
    yAxis: { type: "value", min: 0, max: 100, ...axis(palette, "answered so far, %") },
    series: all
      .filter(({ detail }) => detail.latencies.length > 0)
      .map(({ row, detail }) => ({
        type: "line",
        name: row.policy,
        showSymbol: false,
        lineStyle: {
          width: isOurs(row.policy) ? 3.5 : 1.5,
          type: isBound(row.policy)
            ? "dashed"
            : row.policy.startsWith("holdfast-")
              ? "dotted"
              : "solid",
        },
        itemStyle: { color: colourOf(row.policy, all, palette) },
        z: isOurs(row.policy) ? 5 : 2,
        data: detail.latencies.map((seconds, index) => [
          Math.max(0.05, seconds),
          (index / 50) * row.answered * 100,
        ]),
      })),
  };
}

const legend = (palette: Palette): object => ({
  type: "scroll",
  top: 0,
  textStyle: { color: palette.soft },
  pageTextStyle: { color: palette.soft },
  pageIconColor: palette.soft,
});

/** When one policy sent its requests, beside what the quota admits. */
export function timeline({ detail }: Result, palette: Palette): EChartsCoreOption {
  const { answered, refused, step, quota } = detail.timeline;
  const line =
    quota === null
      ? {}
      : {
          markLine: {
            silent: true,
            symbol: "none",
            label: { formatter: "quota", color: palette.soft, position: "insideEndTop" },
            lineStyle: { color: palette.ink, type: "dashed" },
            data: [{ yAxis: quota }],
          },
        };
  return {
    ...base(palette),
    legend: legend(palette),
    tooltip: { ...(base(palette)["tooltip"] as object), trigger: "axis" },
    xAxis: {
      type: "category",
      data: answered.map((_, index) => index * step),
      ...axis(palette, "seconds since the beginning"),
      ...below,
    },
    yAxis: { type: "value", ...axis(palette, `requests in ${step} s`) },
    series: [
      {
        type: "bar",
        name: "answered",
        stack: "all",
        itemStyle: { color: palette.ours },
        data: answered,
        ...line,
      },
      {
        type: "bar",
        name: "refused, failed or abandoned",
        stack: "all",
        itemStyle: { color: palette.bad },
        data: refused,
      },
    ],
  };
}

/** How much worse than the bound. */
export function regret(all: readonly Result[], palette: Palette): EChartsCoreOption {
  const rows = all
    .flatMap(({ row }) => (row.regret && !isBound(row.policy) ? [row] : []))
    .toReversed();
  const bar = (
    name: string,
    color: string,
    of: (row: (typeof rows)[number]) => number,
  ): object => ({
    type: "bar",
    name,
    itemStyle: { color },
    data: rows.map((row) => Number(of(row).toFixed(1))),
  });
  return {
    ...base(palette),
    legend: legend(palette),
    tooltip: { ...(base(palette)["tooltip"] as object), trigger: "axis" },
    xAxis: {
      type: "value",
      max: 100,
      ...axis(palette, "percent of the calls, of the requests"),
      ...below,
    },
    yAxis: {
      type: "category",
      ...axis(palette, ""),
      data: rows.map(({ policy }) => policy),
      axisLabel: { color: palette.soft, interval: 0, fontSize: 11 },
    },
    series: [
      bar("not answered that could have been", palette.bad, (row) =>
        Math.max(0, (row.regret?.answered ?? 0) * 100),
      ),
      bar("requests that brought nothing", palette.soft, (row) => row.wasted * 100),
    ],
  };
}
