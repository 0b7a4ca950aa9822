import { catalogue, type CatalogueRow, type FailureKind } from "@holdfast/core";
import { explain, type Locale } from "@holdfast/core/explain";

const words = {
  en: {
    title: "Failures",
    intro:
      "Every failure is classified into one of these kinds; the kind says what is bad, how sure that is, and what the next attempt does. A single failure may be more precise than its row. This page is generated from the catalogue and from `explain`.",
    columns: [
      "kind",
      "what is bad",
      "sureness",
      "opens again",
      "attempts at a target",
      "another one helps",
    ],
    causes: "Likely causes",
    holdfast: "What Holdfast does",
    actions: "What you can do",
    links: "Read more",
    general: "If nothing helps",
    helps: { model: "model", account: "account", endpoint: "endpoint" },
    between: ", ",
    colon: ":",
    other: "[中文](errors.zh-CN.md)",
  },
  "zh-CN": {
    title: "失败类型",
    intro:
      "每次失败都归入以下类型之一；类型说明哪里有问题、有多确定，以及下一次尝试怎么做。单次失败可能比表中的行更精确。本页由目录表和 `explain` 生成。",
    columns: [
      "类型",
      "有问题的范围",
      "确定程度",
      "重新开放",
      "对同一目标的尝试次数",
      "更换哪些有帮助",
    ],
    causes: "可能的原因",
    holdfast: "Holdfast 的处理",
    actions: "您可以做什么",
    links: "延伸阅读",
    general: "如果都没有帮助",
    helps: { model: "模型", account: "账号", endpoint: "端点" },
    between: "、",
    colon: "：",
    other: "[English](errors.md)",
  },
} as const;

/** The page that documents all kinds of failures, in Markdown. */
export function errorsPage(locale: Locale): string {
  const kinds = Object.keys(catalogue) as FailureKind[];
  const { title, intro, columns, general, other } = words[locale];
  const rows = kinds.map((kind) => row(kind, catalogue[kind], locale));
  const table = [columns, columns.map(() => "---"), ...rows].map(
    (cells) => `| ${cells.join(" | ")} |`,
  );
  const steps = explain(failureOf("unknown"), { locale, now: 0 }).general;
  return `${[
    `# ${title}`,
    other,
    intro,
    table.join("\n"),
    ...kinds.map((kind) => section(kind, locale)),
    `## ${general}`,
    steps.map((step) => `- ${step}`).join("\n"),
  ].join("\n\n")}\n`;
}

function row(
  kind: FailureKind,
  { scope, sure, reopens, attempts, helps }: CatalogueRow,
  locale: Locale,
): string[] {
  const { helps: names, between } = words[locale];
  const helping = (["model", "account", "endpoint"] as const).filter((place) => helps[place]);
  const places = helping.map((place) => names[place]).join(between);
  return [`[\`${kind}\`](#${kind})`, scope, sure, reopens, String(attempts), places || "–"];
}

const numbered = (lines: readonly string[]): string =>
  lines.map((line, index) => `${index + 1}. ${line}`).join("\n");

function section(kind: FailureKind, locale: Locale): string {
  const { causes, holdfast, actions, links, colon } = words[locale];
  const said = explain(failureOf(kind), { locale, now: 0 });
  return [
    `## ${kind}`,
    `**${said.title}**${colon === ":" ? ". " : "。"}${said.what}`,
    `${causes}${colon}`,
    numbered(said.causes),
    `${holdfast}${colon}${colon === ":" ? " " : ""}${said.holdfast}`,
    `${actions}${colon}`,
    numbered(said.actions),
    `${links}${colon}`,
    said.links.map(({ title, url }) => `- [${title}](${url})`).join("\n"),
  ].join("\n\n");
}

function failureOf(kind: FailureKind): Parameters<typeof explain>[0] {
  const { scope, sure, retryable, helps } = catalogue[kind];
  return { kind, scope, sure, retryable, helps, message: "" };
}
