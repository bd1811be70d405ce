"use strict";
// The switch of language, and the search among the inputs. Nothing is remembered, nothing is fetched.
const reliefsim = { onShown: [] };

reliefsim.data = (id) => JSON.parse(document.getElementById(id).textContent);

reliefsim.make = (name, text) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  return made;
};

// The part that is being read, counted from the top: after a switch of language its counterpart is shown.
reliefsim.place = () => {
  const parts = [...document.querySelectorAll("div[data-lang]:not([hidden]) section")];
  return window.scrollY < 200 ? -1 : parts.findLastIndex((one) => one.getBoundingClientRect().top < 120);
};

reliefsim.goTo = (place) => {
  const part = place < 0 ? null : document.querySelectorAll("div[data-lang]:not([hidden]) section")[place];
  if (part) part.scrollIntoView();
};

reliefsim.show = (language) => {
  document.documentElement.lang = language;
  for (const part of document.querySelectorAll("[data-lang]")) {
    part.hidden = part.dataset.lang !== language;
    if (!part.hidden && part.dataset.title) document.title = part.dataset.title;
  }
  for (const button of document.querySelectorAll("[data-to]")) {
    button.setAttribute("aria-pressed", String(button.dataset.to === language));
  }
  for (const one of reliefsim.onShown) one(language);
};

reliefsim.search = (section, words) => {
  const field = section.querySelector("input[type=search]");
  const rows = [...section.querySelectorAll("table.inputs tbody tr")];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const found = section.querySelector(".found");
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = wanted !== "" && !texts[place].includes(wanted);
      if (!row.hidden) shown += 1;
    });
    for (const details of section.querySelectorAll("details.values")) {
      details.open = wanted !== "" && Boolean(details.querySelector("tbody tr:not([hidden])"));
    }
    found.textContent = wanted === "" ? "" : words.found.replace("{number}", shown).replace("{all}", rows.length);
  });
};

// A table that is wider than its box has a line above it that says so.
reliefsim.cue = (body) => {
  const line = body.querySelector(".more");
  for (const box of body.querySelectorAll(".scroll")) {
    let told = box.previousElementSibling;
    if (!told || !told.classList.contains("more")) {
      told = line.cloneNode(true);
      box.before(told);
    }
    const observer = new ResizeObserver(() => { told.hidden = box.scrollWidth <= box.clientWidth + 1; });
    for (const one of [box, ...box.children]) observer.observe(one);
  }
};

// What a link leads to is opened first, and what folds is open or shut in both languages.
reliefsim.unfold = (target) => {
  for (let one = target; one; one = one.parentElement) if (one.tagName === "DETAILS") one.open = true;
  if (target) target.scrollIntoView();
};

reliefsim.folds = () => {
  const folds = [...document.querySelectorAll("details.fold")];
  for (const one of folds) one.addEventListener("toggle", () => folds.forEach((other) => { other.open = one.open; }));
  const follow = () => { if (location.hash) reliefsim.unfold(document.getElementById(location.hash.slice(1))); };
  addEventListener("hashchange", follow);
  follow();
};

// On paper the folded parts of the brief are open, where a browser's style alone does not do it.
addEventListener("beforeprint", () => { for (const one of document.querySelectorAll("details.paper")) one.open = true; });

document.addEventListener("DOMContentLoaded", () => {
  const series = reliefsim.data("series");
  const curves = reliefsim.data("curves");
  for (const body of document.querySelectorAll("div[data-lang]")) {
    const words = series.words[body.dataset.lang];
    reliefsim.search(body.querySelector(".inputs-section"), words);
    reliefsim.course(body, series, words);
    reliefsim.curves(body, curves, words);
    reliefsim.offers(body, curves, words);
    reliefsim.cue(body);
  }
  for (const button of document.querySelectorAll("[data-to]")) {
    button.addEventListener("click", () => {
      const place = reliefsim.place();
      reliefsim.show(button.dataset.to);
      reliefsim.goTo(place);
    });
  }
  reliefsim.folds();
  reliefsim.show((navigator.language || "en").toLowerCase().startsWith("fr") ? "fr" : "en");
});
