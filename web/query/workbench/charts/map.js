// Places on a map of the site's own: to scale, north at the top, without outlines (see `site/model/drawing/geometry.py`).

const KM_PER_DEGREE = 111.195;
const LEAST_KM = 20;
const MARGIN = 70;
const SVG = "http://www.w3.org/2000/svg";
const NAMED = 40;
const WIDEST = 740;

/**
 * Returns a map as SVG: an equirectangular projection, true in its middle latitude.
 * @param {{items: {point: [number, number], names: Term[], rows: number}[]}} drawn
 * @param {Pick<ChartLook, "width" | "label">} look
 */
export function map({ items }, { width: room, label }) {
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
  bar.textContent = `${km.toLocaleString(document.documentElement.lang)} km`;
  svg.append(made("path", { class: "bar", d: `M20 ${height + 4}v8h${(km * scale).toFixed(1)}v-8` }), bar);
  return svg;
}

/**
 * Returns where points are in a drawing of a width, which they fill.
 * @param {[number, number][]} points
 * @param {number} width
 */
export function projection(points, width) {
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
  /** @param {[number, number]} it */
  const place = ([latitude, longitude]) =>
    [
      MARGIN + (longitude - left) * cosine * KM_PER_DEGREE * scale,
      MARGIN + (top - latitude) * KM_PER_DEGREE * scale,
    ].map((it) => Math.round(it * 10) / 10);
  return { place, height: high * scale + 2 * MARGIN, scale };
}

/**
 * Returns the longest of 1, 2, 5, 10, 20 … that is no longer than this.
 * @param {number} longest
 */
function round(longest) {
  const power = 10 ** Math.floor(Math.log10(longest));
  return Math.max(...[1, 2, 5].map((step) => step * power).filter((it) => it <= longest));
}

/**
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 */
function made(name, attributes) {
  const part = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, String(value));
  return part;
}
