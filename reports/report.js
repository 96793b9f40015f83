"use strict";
// What marks say when pointed at, tables that sort and narrow, and any figure month by month.
const hint = document.getElementById("hint");
document.addEventListener("mousemove", (event) => {
  const mark = event.target.closest("figure [aria-label], #explorer [data-told]");
  const told = mark && (mark.dataset.told || mark.getAttribute("aria-label"));
  const isMark = mark && (mark.dataset.told || mark.getAttribute("role") === "graphics-symbol");
  if (!told || !isMark || mark.getAttribute("aria-roledescription") === "axis") {
    hint.style.display = "none";
    return;
  }
  hint.textContent = told;
  hint.style.display = "block";
  hint.style.left = Math.min(event.clientX + 12, innerWidth - hint.offsetWidth - 8) + "px";
  hint.style.top = event.clientY + 16 + "px";
});

for (const table of document.querySelectorAll("table.data")) {
  const body = table.tBodies[0];
  table.querySelectorAll("th button").forEach((button, place) => {
    let up = true;
    button.addEventListener("click", () => {
      const key = (row) => row.cells[place].dataset.value ?? row.cells[place].textContent;
      const rows = [...body.rows].sort((one, other) => {
        const [a, b] = [key(one), key(other)];
        const isNumber = a !== "" && b !== "" && !isNaN(a) && !isNaN(b);
        return (isNumber ? a - b : a.localeCompare(b)) * (up ? 1 : -1);
      });
      up = !up;
      body.append(...rows);
    });
  });
}
for (const input of document.querySelectorAll("input.filter")) {
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    for (const row of document.getElementById(input.dataset.table).tBodies[0].rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
    }
  });
}

const figures = JSON.parse(document.getElementById("figures").textContent);
const choice = document.getElementById("figure");
const NS = "http://www.w3.org/2000/svg";
function add(parent, name, attributes, words) {
  const made = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (words !== undefined) made.textContent = words;
  parent.append(made);
  return made;
}
function draw() {
  const figure = figures[choice.value];
  const place = document.getElementById("trend");
  place.replaceChildren();
  const [width, height, left, right, top, bottom] = [980, 300, 84, 34, 16, 40];
  const picture = add(place, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": figure.title });
  const known = figure.points.filter((point) => point.value !== null);
  if (!known.length) { place.textContent = figure.reason || "No value in these months."; return; }
  const values = known.map((point) => point.value).concat(figure.target === null ? [] : [figure.target]);
  const most = 2 * Math.max(...values);
  const ends = known.flatMap((point) => [point.low, point.high]).filter((end) => end !== null);
  const all = values.concat(ends.map((end) => Math.min(end, most)));
  let [low, high] = [Math.min(...all), Math.max(...all)];
  if (figure.from_zero && !(figure.unit === "share" && low >= 0.75)) low = Math.min(low, 0);
  if (high === low) high = low + 1;
  const x = (number) => left + (number * (width - left - right)) / Math.max(figure.points.length - 1, 1);
  const y = (value) => height - bottom - ((Math.min(value, most) - low) / (high - low)) * (height - top - bottom);
  const style = getComputedStyle(document.documentElement);
  const [accent, quiet, faint] = ["--accent", "--quiet", "--faint"].map((name) => style.getPropertyValue(name));
  const band = figure.points.map((point, number) => ({ ...point, number })).filter((p) => p.low !== null && p.high !== null);
  if (band.length > 1) {
    const path = band.map((p) => `${x(p.number)},${y(p.high)}`).concat(band.reverse().map((p) => `${x(p.number)},${y(p.low)}`));
    add(picture, "polygon", { points: path.join(" "), fill: accent, opacity: 0.12 });
  }
  if (figure.target !== null) {
    add(picture, "line", { x1: left, x2: width - right, y1: y(figure.target), y2: y(figure.target), stroke: quiet, "stroke-dasharray": "3 4" });
    add(picture, "text", { x: width - right, y: y(figure.target) - 5, "text-anchor": "end", "font-size": 12, fill: quiet }, "target " + figure.target_words);
  }
  const ordered = [...known].sort((one, other) => one.value - other.value);
  for (const point of new Set([ordered[0], ordered[ordered.length - 1]])) {
    const isApart = point === ordered[0] || y(ordered[0].value) - y(point.value) > 14;
    if (!isApart) continue;
    add(picture, "text", { x: left - 12, y: y(point.value) + 4, "text-anchor": "end", "font-size": 12, fill: quiet }, point.words);
    add(picture, "line", { x1: left - 6, x2: width - right, y1: y(point.value), y2: y(point.value), stroke: faint });
  }
  let run = [];
  figure.points.forEach((point, number) => {
    if (point.value !== null) run.push(`${x(number)},${y(point.value)}`);
    if (run.length && (point.value === null || number === figure.points.length - 1)) {
      add(picture, "polyline", { points: run.join(" "), fill: "none", stroke: accent, "stroke-width": 2.2 });
      run = [];
    }
    add(picture, "text", { x: x(number), y: height - 20, "text-anchor": "middle", "font-size": 12, fill: quiet }, point.label);
  });
  figure.points.forEach((point, number) => {
    if (point.value === null) return;
    add(picture, "circle", { cx: x(number), cy: y(point.value), r: 4.5, fill: point.is_complete ? accent : "#fff", stroke: accent, "stroke-width": 2, "data-told": point.told });
  });
  document.getElementById("meaning").textContent = figure.definition;
}
choice.addEventListener("change", draw);
draw();
