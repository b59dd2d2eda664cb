// Improves pages that work without it. Each part starts only where its element is.

/** Calls a function when nothing has happened for a while. */
const later = (wait, run) => {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...given), wait);
  };
};

const make = (tag, attributes = {}, text = "") => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
};

/** Tumour types that fit what is typed: an ARIA 1.2 combobox with a list. */
const suggest = (input) => {
  const box = make("div", { class: "combo" });
  const list = make("ul", { id: "tumor-types", role: "listbox", "aria-label": "Tumour types", hidden: "" });
  input.before(box);
  box.append(input, list);
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  })) input.setAttribute(name, value);
  let chosen = -1;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    const items = [...list.children];
    if (!items.length) return;
    chosen = (index + items.length) % items.length;
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    input.setAttribute("aria-activedescendant", items[chosen].id);
    items[chosen].scrollIntoView({ block: "nearest" });
  };
  const take = (item) => {
    input.value = item.dataset.name;
    close();
  };
  const show = later(150, async () => {
    const text = input.value.trim();
    if (text.length < 2) return close();
    const answer = await fetch(`/suggest/tumor-types?${new URLSearchParams({ q: text })}`);
    if (!answer.ok || input.value.trim() !== text || document.activeElement !== input) return;
    const { items } = await answer.json();
    list.replaceChildren(...items.map(({ code, name, said }, at) => {
      const item = make("li", { id: `tumor-type-${at}`, role: "option", "aria-selected": "false" });
      const also = said && said.toLowerCase() !== name.toLowerCase() && said !== code ? ` (${said})` : "";
      item.dataset.name = name;
      item.append(make("span", {}, name + also), make("span", { class: "mono muted" }, code));
      return item;
    }));
    list.hidden = items.length === 0;
    chosen = -1;
    input.setAttribute("aria-expanded", String(items.length > 0));
  });

  input.addEventListener("input", show);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) take(list.children[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => {
    const item = event.target.closest("li");
    if (item) take(item);
    event.preventDefault();
  });
};

/** Biomarkers as chips, each with what the server understood of it. */
const chips = (textarea) => {
  let values = textarea.value.split("\n").map((line) => line.trim()).filter(Boolean);
  let asked = 0;
  const adder = make("div", { class: "adder" });
  const input = make("input", {
    id: textarea.id, maxlength: "500", autocomplete: "off", spellcheck: "false",
    "aria-describedby": "hint-biomarker",
  });
  const add = make("button", { type: "button" }, "Add");
  const list = make("ul", { class: "chips", "aria-label": "Biomarkers of the question" });
  const spoken = make("p", { class: "sr", role: "status" });
  const hint = document.getElementById("hint-biomarker");
  if (hint) hint.firstChild.data = "As the laboratory writes them, then Enter: ";
  adder.append(input, add);
  // The faults of the page stand in the chips from now on.
  for (const fault of textarea.parentElement.querySelectorAll(".fault")) fault.remove();
  textarea.before(adder);
  textarea.replaceWith(list);
  list.after(spoken);

  const show = async () => {
    const turn = ++asked;
    list.replaceChildren(...values.map((value) => make("li", { class: "chip" }, value)));
    if (!values.length) return;
    const query = new URLSearchParams(values.map((value) => ["biomarker", value]));
    const answer = await fetch(`/understood?${query}`);
    if (!answer.ok || turn !== asked) return;
    list.innerHTML = await answer.text(); // written and escaped by our own server
    const last = list.lastElementChild?.querySelector(".read, .wrong");
    spoken.textContent = last ? last.textContent.trim().replace(/\s+/g, " ") : "";
  };
  const take = (text) => {
    const lines = text.split(/[\n;]/).map((line) => line.trim()).filter(Boolean);
    values = [...new Set([...values, ...lines])];
    input.value = "";
    if (lines.length) show();
  };

  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && input.value.trim()) {
      event.preventDefault();
      take(input.value);
    }
  });
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text");
    if (!text.includes("\n")) return;
    event.preventDefault();
    take(text);
  });
  add.addEventListener("click", () => { take(input.value); input.focus(); });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const chip = event.target.closest("li");
    if (!button || !chip?.dataset.index) return;
    const at = Number(chip.dataset.index);
    values = "remove" in button.dataset
      ? values.filter((_, index) => index !== at)
      : values.map((value, index) => (index === at ? button.dataset.value : value));
    input.focus();
    show();
  });
  // What stands in the field but was not added belongs to the question too.
  input.form.addEventListener("formdata", ({ formData }) => {
    formData.delete("biomarker");
    for (const value of [...values, input.value.trim()]) if (value) formData.append("biomarker", value);
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
  show();
};

/** Opens what a link leads to when it lies in a closed part. */
const reveal = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  const beside = target.nextElementSibling;
  if (beside?.tagName === "DETAILS") beside.open = true;
};

/** Paper has no closed parts. */
const opened = new Set();
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not([open])")) {
    part.open = true;
    opened.add(part);
  }
});
addEventListener("afterprint", () => {
  for (const part of opened) part.open = false;
  opened.clear();
});

const form = document.getElementById("ask");
if (form) {
  suggest(form.elements.tumor_type);
  chips(form.elements.biomarker);
}
addEventListener("hashchange", reveal);
reveal();
