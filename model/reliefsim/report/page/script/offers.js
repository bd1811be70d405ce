// Beside each chart its numbers (CSV) and its picture, made from what is shown: nothing is fetched, nothing sent.
reliefsim.save = (name, kind, content) => {
  const link = reliefsim.make("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type: kind }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
};

// A spreadsheet takes text that begins with a sign for a formula.
reliefsim.csv = (rows) => `\ufeff${rows.map((row) => row.map((one) => {
  const text = String(one).replace(/\s+/g, " ").trim();
  return `"${/^[=+@-]/.test(text) ? " " : ""}${text.replace(/"/g, '""')}"`;
}).join(",")).join("\r\n")}\r\n`;

reliefsim.rowsOf = (table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent));

// A copy that looks the same without the page's style: what a sheet of style says stands on each part.
reliefsim.drawn = (source) => {
  const copy = source.cloneNode(true);
  const parts = [source, ...source.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((one, at) => {
    const style = getComputedStyle(parts[at]);
    for (const name of ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-family", "font-weight", "paint-order", "display"]) {
      one.setAttribute(name, style.getPropertyValue(name));
    }
    one.removeAttribute("class");
  });
  return copy;
};

reliefsim.svg = (name, values) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
  return made;
};

reliefsim.words = (x, y, text, more) => {
  const made = reliefsim.svg("text", Object.assign({ x, y, "font-family": "sans-serif", "font-size": 14, fill: "#1b1f24" }, more));
  made.textContent = text;
  return made;
};

// Bars and their labels as one picture, with what their patterns mean.
reliefsim.barsPicture = (bars) => {
  const rows = [...bars.querySelectorAll(".rows li")];
  const legend = [...bars.querySelectorAll(".legend li")];
  const high = 40 + 26 * (rows.length + legend.length);
  const whole = reliefsim.svg("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `0 0 1000 ${high}`, width: 1000, height: high });
  whole.append(reliefsim.svg("rect", { width: 1000, height: high, fill: "#fff" }), reliefsim.drawn(document.querySelector(".patterns defs")));
  whole.append(reliefsim.words(0, 20, bars.querySelector(".bars-title").textContent, { "font-weight": 600 }));
  rows.forEach((row, at) => {
    const y = 32 + 26 * at;
    const group = reliefsim.svg("g", { transform: `translate(330 ${y}) scale(.45 1)` });
    group.append(...reliefsim.drawn(row.querySelector("svg")).childNodes);
    whole.append(reliefsim.words(0, y + 16, row.querySelector(".label").textContent), group);
    whole.append(reliefsim.words(1000, y + 16, row.querySelector(".amount").textContent, { "text-anchor": "end" }));
  });
  legend.forEach((one, at) => {
    const y = 32 + 26 * (rows.length + at);
    const group = reliefsim.svg("g", { transform: `translate(0 ${y + 4})` });
    group.append(...reliefsim.drawn(one.querySelector("svg")).childNodes);
    whole.append(group, reliefsim.words(32, y + 16, one.textContent.trim()));
  });
  return new XMLSerializer().serializeToString(whole);
};

reliefsim.mapPicture = (map) => {
  const copy = reliefsim.drawn(map.querySelector("svg"));
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.prepend(reliefsim.drawn(document.querySelector(".patterns defs")));
  return new XMLSerializer().serializeToString(copy);
};

// All that is drawn in a place, one under another, on white.
reliefsim.canvasPicture = (place, done) => {
  const all = [...place.querySelectorAll("canvas")];
  const whole = document.createElement("canvas");
  whole.width = Math.max(...all.map((one) => one.width));
  whole.height = all.reduce((sum, one) => sum + one.height, 0);
  const context = whole.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, whole.width, whole.height);
  all.reduce((top, one) => { context.drawImage(one, 0, top); return top + one.height; }, 0);
  whole.toBlob(done);
};

reliefsim.offer = (before, name, words, rows, picture) => {
  const place = reliefsim.make("div");
  place.className = `offers ${before.classList[0]}-offers`;
  const button = (text, label, act) => {
    const made = reliefsim.make("button", text);
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    place.append(made);
  };
  button("CSV", words.numbers, () => reliefsim.save(`${name}.csv`, "text/csv", reliefsim.csv(rows())));
  button(words.picture, words.asPicture, picture);
  before.before(place);
};

reliefsim.offers = (body, curves, words) => {
  body.querySelectorAll(".bars").forEach((bars, at) => {
    const texts = (row) => [...row.querySelectorAll(".label, .amount, title")].map((one) => one.textContent);
    const rows = () => [...bars.querySelectorAll(".rows li")].map((row) => [...new Set(texts(row))]);
    const name = `bars-${at + 1}`;
    const draw = () => reliefsim.save(`${name}.svg`, "image/svg+xml", reliefsim.barsPicture(bars));
    reliefsim.offer(bars.querySelector(".bars-title"), name, words, rows, draw);
  });
  for (const map of body.querySelectorAll(".map")) {
    const rows = () => [words.places, ...[...map.querySelectorAll("path.region")].map((one) => one.dataset.row.split("|"))];
    reliefsim.offer(map.querySelector("figcaption"), "map", words, rows, () => reliefsim.save("map.svg", "image/svg+xml", reliefsim.mapPicture(map)));
  }
  const plot = body.querySelector(".plot");
  const saved = (name, place) => () => reliefsim.canvasPicture(place, (picture) => reliefsim.save(`${name}.png`, "image/png", picture));
  reliefsim.offer(plot, "course", words, () => reliefsim.rowsOf(body.querySelector(".numbers table")), saved("course", plot));
  for (const place of body.querySelectorAll("[data-curve]")) {
    const rows = () => [[words.more, words.chance, words.band, ""], ...curves[Number(place.dataset.curve)]];
    reliefsim.offer(place, "curve", words, rows, saved("curve", place));
  }
};

// What lies under the pointer in a chart, as a few lines beside it.
reliefsim.tip = (lines) => (chart) => {
  let tip = chart.over.querySelector(".tip");
  if (!tip) {
    tip = reliefsim.make("div");
    tip.className = "tip";
    chart.over.append(tip);
  }
  const at = chart.cursor.idx;
  tip.hidden = at === null || at === undefined || chart.cursor.left < 0;
  if (tip.hidden) return;
  tip.textContent = lines(at).join("\n");
  const left = chart.valToPos(chart.data[0][at], "x");
  tip.style.left = `${Math.min(left + 8, Math.max(0, chart.over.clientWidth - tip.offsetWidth))}px`;
};
