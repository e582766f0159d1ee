// Charts from the JSON beside them. The library is fetched when a page has a chart. Tooltips are drawn on the canvas:
// those made of HTML carry style attributes, which the Content-Security-Policy refuses.
const DANGEROUS = /^[=+\-@\t\r]/;
let library = null;

function load() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.querySelector("meta[name=chart-library]").content;
    script.onload = () => resolve(window.echarts);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function short(value) {
  if (!document.documentElement.lang.startsWith("zh") || Math.abs(value) < 10000) return value.toLocaleString();
  return Math.abs(value) < 1e8 ? `${Number((value / 1e4).toFixed(1))} 万` : `${Number((value / 1e8).toFixed(1))} 亿`;
}

function one(data, series) {
  const line = data.kind === "line";
  return {
    name: series.name,
    type: line ? "line" : "bar",
    data: series.values,
    stack: data.kind === "stacked" ? "all" : undefined,
    showSymbol: series.values.length < 2,
    lineStyle: { width: 2 },
    areaStyle: line && data.series.length === 1 ? { opacity: 0.1 } : undefined,
    barMaxWidth: 28,
    itemStyle: { borderRadius: line || data.kind === "stacked" ? 0 : [3, 3, 0, 0] },
  };
}

function pie(data) {
  const values = data.series[0].values;
  return [{ type: "pie", radius: ["48%", "78%"], center: ["35%", "50%"], label: { show: false }, data: data.labels.map((name, i) => ({ name, value: values[i] })) }];
}

function legend(data, round) {
  const place = round ? { orient: "vertical", left: "65%", top: "middle" } : { top: 0 };
  return { ...place, textStyle: { color: colour("--qd-text") }, icon: "roundRect", itemWidth: 12, itemHeight: 8, type: "scroll" };
}

function options(data) {
  const quiet = colour("--qd-muted");
  const line = colour("--qd-line");
  const font = getComputedStyle(document.body).fontFamily;
  const axes = {
    grid: { left: 8, right: 16, top: data.series.length > 1 ? 40 : 16, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: data.labels, axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: quiet, hideOverlap: true } },
    yAxis: { type: "value", axisLabel: { color: quiet, formatter: short }, splitLine: { lineStyle: { color: line } } },
  };
  const round = data.kind === "pie";
  return {
    color: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => colour(`--qd-series-${n}`)),
    textStyle: { fontFamily: font, color: colour("--qd-text") },
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 300,
    legend: data.series.length > 1 || round ? legend(data, round) : undefined,
    tooltip: { trigger: round ? "item" : "axis", renderMode: "richText", confine: true, backgroundColor: colour("--qd-surface"), borderColor: line, textStyle: { color: colour("--qd-text") }, valueFormatter: (value) => (value == null ? "—" : value.toLocaleString() + (data.unit ? ` ${data.unit}` : "")) },
    series: round ? pie(data) : data.series.map((series) => one(data, series)),
    ...(round ? {} : axes),
  };
}

function cell(value) {
  let text = value == null ? "" : String(value);
  if (typeof value === "string" && DANGEROUS.test(text)) text = `'${text}`;
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(data) {
  const rows = [["", ...data.series.map((series) => series.name)]];
  data.labels.forEach((label, i) => rows.push([label, ...data.series.map((series) => series.values[i])]));
  return `\ufeff${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

function save(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

function download(root, kind) {
  const { chart, data } = root.qd;
  if (kind === "png") {
    save(chart.getDataURL({ pixelRatio: 2, backgroundColor: colour("--qd-surface") }), `${data.title}.png`);
    return;
  }
  const address = URL.createObjectURL(new Blob([csv(data)], { type: "text/csv" }));
  save(address, `${data.title}.csv`);
  URL.revokeObjectURL(address);
}

async function draw(root) {
  if (root.qd) return;
  root.qd = { data: JSON.parse(root.querySelector("[data-chart-data]").textContent), chart: null };
  const echarts = await load();
  const canvas = root.querySelector("[data-chart-canvas]");
  root.qd.chart = echarts.init(canvas, null, { renderer: "canvas" });
  root.qd.chart.setOption(options(root.qd.data));
  new ResizeObserver(() => root.qd.chart.resize()).observe(canvas);
  canvas.dataset.drawn = "1";
}

export function start() {
  document.body.addEventListener("htmx:load", (event) => {
    for (const root of event.detail.elt.querySelectorAll("[data-chart]")) draw(root);
  });
  for (const root of document.querySelectorAll("[data-chart]")) draw(root);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-chart-save]");
    if (button) download(button.closest("[data-chart]"), button.dataset.chartSave);
  });
  document.addEventListener("theme", () => {
    for (const root of document.querySelectorAll("[data-chart]")) root.qd?.chart?.setOption(options(root.qd.data), true);
  });
}
