// What the charts share: numbers in the page's language, lines with bands and their names beside them, and sizes.
reliefsim.dashes = [[], [8, 4], [2, 3], [10, 3, 2, 3], [14, 4], [5, 2, 1, 2, 1, 2], [4, 2], [1, 2], [12, 2, 4, 2], [6, 6], [16, 3, 2, 3, 2, 3], [3, 6]];
reliefsim.font = "13px system-ui, sans-serif";

reliefsim.number = (value, language) => {
  if (value === null || value === undefined) return "–";
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 1 ? 1 : 3;
  const text = value.toLocaleString(language === "fr" ? "fr-FR" : "en-GB", { maximumFractionDigits: digits });
  return text.replace("-", "\u2212");
};

reliefsim.axes = (unit, language, bottom) => [
  Object.assign({ stroke: "#1b1f24", grid: { show: false }, ticks: { stroke: "#8a949e", size: 5 }, font: reliefsim.font }, bottom),
  {
    stroke: "#1b1f24", grid: { stroke: "#e3e7eb", width: 1 }, ticks: { show: false }, font: reliefsim.font,
    size: 76, label: unit, labelFont: reliefsim.font, labelSize: 22,
    values: (_, ticks) => ticks.map((one) => reliefsim.number(one, language)),
  },
];

// One line with its band: three columns of numbers, the first the mean.
reliefsim.lines = (number, label, colours) => {
  const colour = colours[number % colours.length];
  const band = { stroke: colour + "00", width: 0, points: { show: false } };
  return [
    { label, stroke: colour, width: 2.5, dash: reliefsim.dashes[number % reliefsim.dashes.length], points: { show: false } },
    Object.assign({ label: label + " low" }, band),
    Object.assign({ label: label + " high" }, band),
  ];
};

// Names at the right ends of lines, moved apart where they would meet.
reliefsim.named = (labels, colours) => (chart) => {
  const context = chart.ctx;
  const scale = devicePixelRatio || 1;
  const ends = labels.map(({ column, text, number }) => {
    const values = chart.data[column];
    let last = values.length - 1;
    while (last >= 0 && values[last] === null) last -= 1;
    const short = text.length > 34 ? `${text.slice(0, 33)}…` : text;
    return { text: short, number, x: last < 0 ? NaN : chart.valToPos(chart.data[0][last], "x", true), y: last < 0 ? NaN : chart.valToPos(values[last], "y", true) };
  }).filter((one) => !Number.isNaN(one.y)).sort((a, b) => a.y - b.y);
  ends.forEach((one, place) => {
    if (place > 0) one.y = Math.max(one.y, ends[place - 1].y + 15 * scale);
  });
  const over = ends.length ? ends[ends.length - 1].y - (chart.bbox.top + chart.bbox.height) : 0;
  context.save();
  context.font = `600 ${12 * scale}px system-ui, sans-serif`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const one of ends) {
    context.fillStyle = colours[one.number % colours.length];
    context.fillText(one.text, one.x + 6 * scale, one.y - Math.max(0, over));
  }
  context.restore();
};

reliefsim.width = (place) => Math.max(260, Math.floor(place.getBoundingClientRect().width));

reliefsim.tableOf = (caption, heads, rows) => {
  const table = reliefsim.make("table");
  table.append(reliefsim.make("caption", caption));
  const top = table.createTHead().insertRow();
  heads.forEach((head) => {
    const cell = reliefsim.make("th", head);
    cell.scope = "col";
    top.append(cell);
  });
  const body = table.createTBody();
  rows.forEach((row) => {
    const line = body.insertRow();
    row.forEach((text, place) => {
      const cell = reliefsim.make(place ? "td" : "th", text);
      if (!place) cell.scope = "row";
      line.append(cell);
    });
  });
  return table;
};
