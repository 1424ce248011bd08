// Charts, drawn by Observable Plot; their colours and strokes are in the site's style sheet.
import * as Plot from "@observablehq/plot";

import { number } from "../../../base/words.ts";

import type { DRAWN } from "./drawn.ts";

/** How wide a letter may be: a picture is drawn with whatever letters there are. */
const LETTER = 7.4;
/** So much room has the name of a day or month. */
const TICK = 120;
const WIDEST_NAMES = 250;
const ROW = 26;
const NAMED_POINTS = 40;

/** Returns a chart as SVG: its own rules, which our policy refuses, are in the site's style sheet. */
function chart(options: Plot.PlotOptions) {
  const svg = Plot.plot({ className: "plot", ...options }) as SVGSVGElement;
  for (const style of svg.querySelectorAll("style")) style.remove();
  for (const part of svg.querySelectorAll("[aria-label], [aria-description]")) {
    part.removeAttribute("aria-label");
    part.removeAttribute("aria-description");
  }
  return svg;
}

const wide = (names: string[]) =>
  Math.min(WIDEST_NAMES, 20 + LETTER * Math.max(4, ...names.map(({ length }) => length)));
const axis = (
  kind: string | undefined,
  label: string | null,
  dates: (number | Date | undefined)[],
): Plot.ScaleOptions =>
  kind === "date" ? { type: "utc", label, tickFormat: dayOf(dates) } : { label, tickFormat: number };

const MOST_TICKS = 8;

/** Returns the ticks of whole numbers, which have no halves: none where a number is no whole one. */
function wholeTicks(values: number[]) {
  if (!values.every(Number.isSafeInteger)) return undefined;
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const wanted = Math.max(1, (most - least) / MOST_TICKS);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = power * ([1, 2, 5, 10].find((it) => it * power >= wanted) ?? 10);
  const first = Math.ceil(least / step);
  return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, at) => (first + at) * step);
}

const DAY = 86_400_000;

/** Returns how the ticks of these dates are written: as days, months or years, as far apart as they are. */
function dayOf(dates: (number | Date | undefined)[]) {
  const days = (Math.max(...dates.map(Number)) - Math.min(...dates.map(Number))) / DAY;
  const style: Intl.DateTimeFormatOptions =
    days > 3 * 365
      ? { year: "numeric" }
      : days > 90
        ? { month: "short", year: "numeric" }
        : { day: "numeric", month: "short" };
  const format = new Intl.DateTimeFormat(document.documentElement.lang, { ...style, timeZone: "UTC" });
  return (date: Date) => format.format(date);
}

/** What is drawn in a drawing. */
type Of<K extends keyof typeof DRAWN> = ReturnType<(typeof DRAWN)[K]>;

export const CHARTS: {
  [K in "bars" | "lines" | "points" | "heat" | "time"]: (drawn: Of<K>, look: ChartLook) => SVGElement;
} = {
  bars({ items }, { width, titles, label }) {
    const names = new Map(items.map(({ key, what }) => [key, label(what)]));
    return chart({
      width,
      height: 50 + ROW * items.length,
      marginLeft: wide([...names.values()]),
      marginRight: 70,
      x: { label: titles.long, tickFormat: number, grid: true, ticks: wholeTicks(items.map(({ value }) => value)) },
      y: { domain: [...names.keys()], label: null, tickFormat: (key) => names.get(key), tickSize: 0 },
      marks: [
        Plot.barX(items, { x: "value", y: "key", className: "plot-area" }),
        Plot.text(items, {
          x: "value",
          y: "key",
          text: ({ value }) => number(value),
          textAnchor: "start",
          dx: 5,
          filter: ({ value }) => value >= 0,
        }),
        Plot.ruleX([0]),
      ],
    });
  },

  lines({ items, series }, { width, titles, kinds, label }) {
    const each = series.map((code) => items.filter(({ key }) => key === code)).filter((them) => them.length);
    const named = each.length > 1 || each[0]?.[0].series;
    return chart({
      width,
      height: 380,
      marginLeft: 60,
      marginRight: named ? 150 : 30,
      x: {
        ...axis(
          kinds.across,
          titles.across,
          items.map(({ x }) => x),
        ),
        ticks: Math.floor(width / TICK),
      },
      y: { label: titles.up, tickFormat: number, grid: true, ticks: wholeTicks(items.map(({ y }) => y)) },
      marks: [
        ...each.map((them, at) => Plot.line(them, { x: "x", y: "y", className: `plot-line plot-line-${at}` })),
        Plot.dot(items, { x: "x", y: "y", r: 2.5, className: "plot-area" }),
        ...(named
          ? each.map((them) =>
              Plot.text(them.slice(-1), {
                x: "x",
                y: "y",
                text: ({ series: it }) => label(it),
                textAnchor: "start",
                dx: 8,
              }),
            )
          : []),
      ],
    });
  },

  points({ items }, { width, titles, kinds, label }) {
    const named = items.length <= NAMED_POINTS && items.some(({ name }) => name);
    return chart({
      width,
      height: 420,
      marginLeft: 60,
      marginRight: named ? 120 : 30,
      x: {
        ...axis(
          kinds.across,
          titles.across,
          items.map(({ x }) => x),
        ),
        grid: true,
        ticks: Math.floor(width / TICK),
      },
      y: {
        ...axis(
          kinds.up,
          titles.up,
          items.map(({ y }) => y),
        ),
        grid: true,
      },
      marks: [
        Plot.dot(items, { x: "x", y: "y", r: 4, className: "plot-dot" }),
        ...(named
          ? [Plot.text(items, { x: "x", y: "y", text: ({ name }) => label(name), textAnchor: "start", dx: 8 })]
          : []),
      ],
    });
  },

  heat({ items, columns, lines }, { width, label }) {
    const names = (part: "across" | "down", key: "x" | "y") => new Map(items.map((it) => [it[key], label(it[part])]));
    const [across, down] = [names("across", "x"), names("down", "y")];
    const most = Math.max(...items.map(({ value }) => Math.abs(value)), 1e-9);
    const shade = ({ value }: { value: number }) => 0.12 + 0.88 * (Math.abs(value) / most);
    const texts = (filter: (item: { value: number }) => boolean, className: string) =>
      Plot.text(items, { x: "x", y: "y", text: ({ value }) => number(value), filter, className });
    const left = wide([...down.values()]);
    return chart({
      width: Math.max(width, left + 40 * columns.length),
      height: 40 + ROW * lines.length + wide([...across.values()]),
      marginLeft: left,
      marginTop: wide([...across.values()]),
      marginBottom: 10,
      x: {
        domain: columns,
        label: null,
        axis: "top",
        tickFormat: (key) => across.get(key),
        tickRotate: -90,
        tickSize: 0,
      },
      y: { domain: lines, label: null, tickFormat: (key) => down.get(key), tickSize: 0 },
      marks: [
        Plot.cell(items, { x: "x", y: "y", fillOpacity: shade, inset: 1, className: "plot-area" }),
        texts((it) => shade(it) < 0.5, "plot-on-light"),
        texts((it) => shade(it) >= 0.5, "plot-on-dark"),
      ],
    });
  },

  time({ items }, { width: room, label, shownDate }) {
    const width = Math.max(room, 680);
    const rows = items.map((it, at) => ({ ...it, at }));
    const first = rows[0].when;
    const left = wide(rows.map(({ what }) => label(what)));
    return chart({
      width,
      height: 60 + ROW * rows.length,
      marginLeft: left,
      marginRight: 150,
      x: {
        ...axis(
          "date",
          null,
          rows.map(({ when }) => when),
        ),
        axis: "top",
        grid: true,
        ticks: Math.max(2, Math.floor((width - left - 150) / TICK)),
      },
      y: {
        domain: rows.map(({ at }) => at),
        type: "band",
        label: null,
        tickFormat: (at) => label(rows[at].what),
        tickSize: 0,
      },
      marks: [
        // Without a length a rule would go from one side to the other.
        Plot.ruleY(
          rows.filter(({ when }) => Number(when) > Number(first)),
          { y: "at", x1: first, x2: "when", className: "plot-road" },
        ),
        Plot.ruleY(
          rows.filter(({ until, when }) => Number(until) > Number(when)),
          { y: "at", x1: "when", x2: "until", className: "plot-span" },
        ),
        Plot.dot(rows, { x: "when", y: "at", r: 6, className: "plot-stop" }),
        Plot.text(rows, {
          x: ({ until, when }) => (Number(until) > Number(when) ? until : when),
          y: "at",
          text: ({ date }) => shownDate(date),
          textAnchor: "start",
          dx: 12,
          className: "plot-date",
        }),
      ],
    });
  },
};

// Places on a map of the site's own: to scale, north at the top, without outlines (see `site/model/drawing/place_map.py`).

const KM_PER_DEGREE = 111.195;
const LEAST_KM = 20;
const MARGIN = 70;
const SVG = "http://www.w3.org/2000/svg";
const NAMED = 40;
const WIDEST = 740;

/** Returns a map as SVG: an equirectangular projection, true in its middle latitude. */
export function map(
  { items }: { items: { point: [number, number]; names: Term[]; rows: number }[] },
  { width: room, label }: Pick<ChartLook, "width" | "label">,
) {
  const width = Math.min(room, WIDEST);
  const { place, height, scale } = projection(
    items.map(({ point }) => point),
    width,
  );
  const svg = made("svg", {
    class: "drawing plot-map",
    viewBox: `0 0 ${width} ${Math.round(height + 30)}`,
    width,
    height: Math.round(height + 30),
  });
  const most = Math.max(...items.map(({ rows }) => rows));
  for (const { point, names, rows } of items) {
    const [x, y] = place(point);
    const r = 5 + 9 * Math.sqrt((rows - 1) / most);
    svg.append(made("circle", { class: "sign", cx: x, cy: y, r: r.toFixed(1) }));
    if (items.length > NAMED) continue;
    const leftwards = x > width * 0.6;
    const text = made("text", {
      class: leftwards ? "name leftwards" : "name",
      x: leftwards ? x - r - 5 : x + r + 5,
      y: y + 5,
    });
    text.textContent = `${names.length ? label(names[0]) : ""}${names.length > 1 ? ` + ${names.length - 1}` : ""}`;
    svg.append(text);
  }
  const km = round(width / 4 / scale);
  const bar = made("text", { class: "tick", x: 28 + km * scale, y: height + 14 });
  bar.textContent = `${number(km)} km`;
  svg.append(made("path", { class: "bar", d: `M20 ${height + 4}v8h${(km * scale).toFixed(1)}v-8` }), bar);
  return svg;
}

/** Returns where points are in a drawing of a width, which they fill. */
export function projection(points: [number, number][], width: number) {
  const [latitudes, longitudes] = [0, 1].map((at) => points.map((point) => point[at]));
  const [south, north, west, east] = [
    Math.min(...latitudes),
    Math.max(...latitudes),
    Math.min(...longitudes),
    Math.max(...longitudes),
  ];
  const cosine = Math.max(Math.cos((((south + north) / 2) * Math.PI) / 180), 0.01);
  const [wide, high] = [
    Math.max((east - west) * cosine * KM_PER_DEGREE, LEAST_KM),
    Math.max((north - south) * KM_PER_DEGREE, LEAST_KM),
  ];
  const scale = Math.min((width - 2 * MARGIN) / wide, (2 * width - 2 * MARGIN) / high);
  const [left, top] = [
    (west + east) / 2 - (width / 2 - MARGIN) / scale / cosine / KM_PER_DEGREE,
    (south + north) / 2 + high / 2 / KM_PER_DEGREE,
  ];
  const place = ([latitude, longitude]: [number, number]) =>
    [
      MARGIN + (longitude - left) * cosine * KM_PER_DEGREE * scale,
      MARGIN + (top - latitude) * KM_PER_DEGREE * scale,
    ].map((it) => Math.round(it * 10) / 10);
  return { place, height: high * scale + 2 * MARGIN, scale };
}

/** Returns the longest of 1, 2, 5, 10, 20 … that is no longer than this. */
function round(longest: number) {
  const power = 10 ** Math.floor(Math.log10(longest));
  return Math.max(...[1, 2, 5].map((step) => step * power).filter((it) => it <= longest));
}

function made(name: string, attributes: Record<string, string | number>) {
  const part = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, String(value));
  return part;
}
