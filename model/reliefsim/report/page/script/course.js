// The chart of the year's course with its controls, and the curve of an ask.
reliefsim.together = 4; // scenarios that one chart holds; of more, each has its own
reliefsim.aspects = ["service", "group", "grant", "location"];

reliefsim.keyOf = (state) => [state.indicator, ...reliefsim.aspects.map((name) => state[name])].join("\t");

// Fill the lists with all there is of the indicator. What was picked last stays; another pick that has no series together
// with it goes back to all. A list in which there is nothing to choose is disabled.
reliefsim.fill = (section, series, words, state, last) => {
  const known = Object.keys(series.series).map((key) => key.split("\t")).filter((key) => key[0] === state.indicator);
  const at = (key, name) => key[reliefsim.aspects.indexOf(name) + 1];
  const weight = (name) => (name === last ? 2 : state[name] ? 1 : 0);
  const order = [...reliefsim.aspects].sort((one, other) => weight(other) - weight(one));
  order.reduce((left, name) => {
    const found = [state[name], ""].find((value) => left.some((key) => at(key, name) === value));
    state[name] = found === undefined ? at(left[0], name) : found;
    return left.filter((key) => at(key, name) === state[name]);
  }, known);
  for (const name of reliefsim.aspects) {
    const list = section.querySelector(`[data-pick=${name}]`);
    const names = ["", ...series.names[name]].filter((one) => known.some((key) => at(key, name) === one));
    list.replaceChildren(...names.map((one) => {
      const option = reliefsim.make("option", one === "" ? words.all[name] : words.names[name][one]);
      option.value = one;
      option.selected = one === state[name];
      return option;
    }));
    list.disabled = names.length < 2;
  }
};

// Three columns for each scenario that is picked and has the series; a scenario's course begins where its year does.
reliefsim.columns = (series, state) => {
  const found = series.series[reliefsim.keyOf(state)] || {};
  const whole = (number, values) => Array.from({ length: series.months }, (_, at) => {
    const value = values[at - series.begins[number]];
    return value === undefined ? null : value;
  });
  return state.arms.filter((number) => found[number]).map((number) => {
    const one = found[number];
    const columns = one[0] === 0 ? [Array(one[1]).fill(0)] : one;
    const [mean, low, high] = columns.map((values) => whole(number, values));
    return { number, mean, low: low || mean, high: high || mean };
  });
};

// The months in which a column has a number, by their places among all months: no room is left for years between.
reliefsim.months = (columns) => {
  const places = columns.length ? columns[0].mean.map((_, at) => at) : [];
  return places.filter((at) => columns.some((one) => one.mean[at] !== null));
};

reliefsim.course = (body, series, words) => {
  const section = body.querySelector(".course");
  const language = body.dataset.lang;
  const place = section.querySelector(".plot");
  const state = { indicator: series.indicators[0], service: "", group: "", grant: "", location: "", arms: [] };
  const first = section.querySelector("[data-pick=indicator]");
  const charts = [];
  first.replaceChildren(...series.indicators.map((name) => {
    const option = reliefsim.make("option", words.indicators[name]);
    option.value = name;
    return option;
  }));

  const shown = () => {
    const parts = [words.indicators[state.indicator]];
    for (const name of reliefsim.aspects) if (state[name]) parts.push(words.names[name][state[name]]);
    return parts.join(", ");
  };

  const numbers = (columns) => {
    const heads = [words.month, ...columns.flatMap((one) => [`${words.scenarios[one.number]}: ${words.mean}`, words.band])];
    const rows = reliefsim.months(columns).map((at) => [words.months[at], ...columns.flatMap((one) => [
      reliefsim.number(one.mean[at], language),
      one.mean[at] === null ? "–" : words.to.replace("{low}", reliefsim.number(one.low[at], language)).replace("{high}", reliefsim.number(one.high[at], language)),
    ])]);
    section.querySelector(".numbers").replaceChildren(reliefsim.tableOf(shown(), heads, rows));
  };

  // One chart of some scenarios; a small one of many has the scale that all have.
  const one = (columns, months, box, high) => {
    const wide = reliefsim.width(box);
    const large = wide > 640;
    const lines = columns.flatMap((it) => reliefsim.lines(it.number, words.scenarios[it.number], series.colours));
    const beside = large ? Math.min(270, 24 + 7.5 * Math.max(0, ...columns.map((it) => words.scenarios[it.number].length))) : 12;
    const labels = columns.map((it, at) => ({ column: 3 * at + 1, text: words.scenarios[it.number], number: it.number }));
    const every = Math.ceil(months.length / (large ? 13 : 5));
    const value = (all, at) => reliefsim.number(all[months[at]], language);
    const told = (at) => [words.months[months[at]], ...columns.filter((it) => it.mean[months[at]] !== null).map((it) => (
      `${words.scenarios[it.number]}: ${value(it.mean, at)} (${words.to.replace("{low}", value(it.low, at)).replace("{high}", value(it.high, at))})`
    ))];
    return new uPlot({
      width: wide, height: high === null ? (large ? 400 : 320) : 190, padding: [14, beside, 0, 0],
      cursor: { y: false, points: { show: false }, drag: { x: false } }, legend: { show: false }, select: { show: false },
      scales: { x: { time: false }, y: { range: (_, low, most) => [Math.min(0, low), (high || most) > 0 ? (high || most) * 1.06 : 1] } },
      series: [{}, ...lines],
      bands: columns.map((it, at) => ({ series: [3 * at + 3, 3 * at + 2], fill: series.colours[it.number % series.colours.length] + "2b" })),
      axes: reliefsim.axes(words.units[series.kinds[state.indicator]], language, {
        splits: () => months.map((_, at) => at).filter((at) => at % every === 0),
        values: (_, ticks) => ticks.map((tick) => months[tick]).map((at, nth, all) => (
          nth && words.years[all[nth - 1]] === words.years[at] ? words.short[at] : `${words.short[at]}\n${words.years[at]}`
        )),
      }),
      hooks: { setCursor: [reliefsim.tip(told)], draw: large ? [reliefsim.named(labels, series.colours)] : [] },
    }, [months.map((_, at) => at), ...columns.flatMap((it) => [it.mean, it.low, it.high].map((all) => months.map((at) => all[at])))], box);
  };

  const draw = () => {
    if (body.hidden) return;
    const columns = reliefsim.columns(series, state);
    section.querySelector(".live").textContent = columns.length
      ? words.shown.replace("{what}", `${shown()} (${columns.map((one) => words.scenarios[one.number]).join(" · ")})`) : words.none;
    numbers(columns);
    for (const one of charts.splice(0)) one.destroy();
    const months = reliefsim.months(columns);
    const several = columns.length > reliefsim.together;
    place.classList.toggle("multiples", several);
    place.replaceChildren();
    const high = Math.max(0, ...columns.flatMap((one) => one.high.filter((value) => value !== null)));
    for (const some of several ? columns.map((one) => [one]) : [columns]) {
      const box = reliefsim.make("div");
      if (several) box.append(reliefsim.make("h3", words.scenarios[some[0].number]));
      place.append(box);
      charts.push(one(some, months, box, several ? high : null));
    }
  };

  const read = (event) => {
    state.arms = [...section.querySelectorAll("[data-arm]")].filter((box) => box.checked).map((box) => Number(box.dataset.arm));
    for (const list of section.querySelectorAll("[data-pick]")) state[list.dataset.pick] = list.value;
    reliefsim.fill(section, series, words, state, event && event.target.dataset.pick);
    draw();
  };

  reliefsim.fill(section, series, words, state);
  section.querySelector("form").addEventListener("change", read);
  section.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  reliefsim.onShown.push((shown) => { if (shown === language) read(); });
  reliefsim.resized(place, draw);
};

reliefsim.resized = (place, draw) => {
  let wide = 0;
  new ResizeObserver(() => {
    const now = reliefsim.width(place);
    if (wide && now !== wide) requestAnimationFrame(draw);
    wide = now;
  }).observe(place);
};

reliefsim.curves = (body, curves, words) => {
  const language = body.dataset.lang;
  for (const place of body.querySelectorAll("[data-curve]")) {
    const rows = curves[Number(place.dataset.curve)];
    const column = (at) => rows.map((row) => row[at]);
    let chart = null;
    const draw = () => {
      if (body.hidden || !rows.length) return;
      if (chart) chart.destroy();
      const wide = reliefsim.width(place);
      const axes = reliefsim.axes(words.chance, language, {
        label: words.more, labelFont: reliefsim.font, labelSize: 22, space: 70,
        values: (_, ticks) => ticks.map((one) => reliefsim.number(one, language)),
      });
      axes[1].values = (_, ticks) => ticks.map((one) => `${reliefsim.number(100 * one, language)}\u202f%`);
      chart = new uPlot({
        width: wide, height: 270, padding: [12, 16, 0, 0], cursor: { y: false, points: { show: false }, drag: { x: false } },
        hooks: { setCursor: [reliefsim.tip((at) => [`${words.more}: ${reliefsim.number(rows[at][0], language)}`, `${words.chance}: ${reliefsim.number(100 * rows[at][1], language)}\u202f%`])] }, legend: { show: false }, select: { show: false },
        scales: { x: { time: false }, y: { range: [0, 1] } },
        series: [{}, ...reliefsim.lines(0, words.chance, ["#0072B2"])],
        bands: [{ series: [3, 2], fill: "#0072B22b" }], axes,
      }, [column(0), column(1), column(2), column(3)], place);
    };
    reliefsim.onShown.push((shown) => { if (shown === language) draw(); });
    reliefsim.resized(place, draw);
  }
};
