// The chart of the year's course with its controls, and the curve of an ask.
reliefsim.aspects = ["service", "group", "grant", "location"];

reliefsim.keyOf = (state) => [state.indicator, ...reliefsim.aspects.map((name) => state[name])].join("|");

// Fill the lists with what there is; a list in which there is nothing to choose is disabled.
reliefsim.fill = (section, series, words, state) => {
  const known = Object.keys(series.series).map((key) => key.split("|")).filter((key) => key[0] === state.indicator);
  reliefsim.aspects.forEach((name, place) => {
    const list = section.querySelector(`[data-pick=${name}]`);
    const others = (key) => reliefsim.aspects.every((one, at) => at >= place || key[at + 1] === state[one]);
    const names = ["", ...series.names[name]].filter((one) => known.some((key) => others(key) && key[place + 1] === one));
    if (!names.includes(state[name])) state[name] = names.length ? names[0] : "";
    list.replaceChildren(...names.map((one) => {
      const option = reliefsim.make("option", one === "" ? words.all[name] : words.names[name][one]);
      option.value = one;
      option.selected = one === state[name];
      return option;
    }));
    list.disabled = names.length < 2;
  });
};

// Three columns for each scenario that is picked and has the series.
reliefsim.columns = (series, state) => {
  const found = series.series[reliefsim.keyOf(state)] || {};
  const whole = (one) => (one[0] === 0 ? series.ends.map((_, at) => (at < one[1] ? 0 : null)) : null);
  return state.arms.filter((number) => found[number]).map((number) => {
    const one = found[number];
    const zero = whole(one);
    const mean = zero || one[0];
    return { number, mean, low: zero || one[1] || mean, high: zero || one[2] || mean };
  });
};

reliefsim.course = (body, series, words) => {
  const section = body.querySelector(".course");
  const language = body.dataset.lang;
  const place = section.querySelector(".plot");
  const state = { indicator: series.indicators[0], service: "", group: "", grant: "", location: "", arms: [] };
  const first = section.querySelector("[data-pick=indicator]");
  let chart = null;
  first.replaceChildren(...series.indicators.map((name) => {
    const option = reliefsim.make("option", words.indicators[name]);
    option.value = name;
    return option;
  }));

  const told = () => {
    const parts = [words.indicators[state.indicator]];
    for (const name of reliefsim.aspects) if (state[name]) parts.push(words.names[name][state[name]]);
    return parts.join(", ");
  };

  const numbers = (columns) => {
    const heads = [words.month, ...columns.flatMap((one) => [`${words.scenarios[one.number]}: ${words.mean}`, words.band])];
    const rows = words.months.map((month, at) => [month, ...columns.flatMap((one) => [
      reliefsim.number(one.mean[at], language),
      one.mean[at] === null ? "–" : words.to.replace("{low}", reliefsim.number(one.low[at], language)).replace("{high}", reliefsim.number(one.high[at], language)),
    ])]);
    section.querySelector(".numbers").replaceChildren(reliefsim.tableOf(told(), heads, rows));
  };

  const draw = () => {
    if (body.hidden) return;
    const columns = reliefsim.columns(series, state);
    section.querySelector(".live").textContent = columns.length
      ? words.shown.replace("{what}", `${told()} (${columns.map((one) => words.scenarios[one.number]).join(" · ")})`) : words.none;
    numbers(columns);
    if (chart) chart.destroy();
    const wide = reliefsim.width(place);
    const lines = columns.flatMap((one) => reliefsim.lines(one.number, words.scenarios[one.number], series.colours));
    const beside = wide > 640 ? Math.min(270, 24 + 7.5 * Math.max(0, ...columns.map((one) => words.scenarios[one.number].length))) : 12;
    const labels = columns.map((one, at) => ({ column: 3 * at + 1, text: words.scenarios[one.number], number: one.number }));
    const every = Math.ceil(series.ends.length / (wide > 640 ? 13 : 5));
    chart = new uPlot({
      width: wide, height: wide > 640 ? 400 : 320, padding: [14, beside, 0, 0],
      cursor: { show: false }, legend: { show: false }, select: { show: false },
      scales: { x: { time: false }, y: { range: (_, low, high) => [Math.min(0, low), high > 0 ? high * 1.06 : 1] } },
      series: [{}, ...lines],
      bands: columns.map((one, at) => ({ series: [3 * at + 3, 3 * at + 2], fill: series.colours[one.number % series.colours.length] + "2b" })),
      axes: reliefsim.axes(words.units[series.kinds[state.indicator]], language, {
        splits: () => series.ends.filter((_, at) => at % every === 0),
        values: (_, ticks) => ticks.map((tick) => series.ends.indexOf(tick)).map((at, place, all) => (
          place && words.years[all[place - 1]] === words.years[at] ? words.short[at] : `${words.short[at]}\n${words.years[at]}`
        )),
      }),
      hooks: { draw: wide > 640 ? [reliefsim.named(labels, series.colours)] : [] },
    }, [series.ends, ...columns.flatMap((one) => [one.mean, one.low, one.high])], place);
  };

  const read = () => {
    state.arms = [...section.querySelectorAll("[data-arm]")].filter((box) => box.checked).map((box) => Number(box.dataset.arm));
    for (const list of section.querySelectorAll("[data-pick]")) state[list.dataset.pick] = list.value;
    reliefsim.fill(section, series, words, state);
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
        width: wide, height: 270, padding: [12, 16, 0, 0], cursor: { show: false }, legend: { show: false }, select: { show: false },
        scales: { x: { time: false }, y: { range: [0, 1] } },
        series: [{}, ...reliefsim.lines(0, words.chance, ["#0072B2"])],
        bands: [{ series: [3, 2], fill: "#0072B22b" }], axes,
      }, [column(0), column(1), column(2), column(3)], place);
    };
    reliefsim.onShown.push((shown) => { if (shown === language) draw(); });
    reliefsim.resized(place, draw);
  }
};
