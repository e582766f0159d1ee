// The rule form: the answer drawn in the phone while one writes, hints by kind of trigger, numbers of rows without gaps.
const form = document.getElementById("rule-form");
const preview = document.querySelector("[data-rule-preview]");

function valueOf(row, name) {
  const controls = [...row.querySelectorAll("input, select, textarea")];
  const control = controls.find((one) => !one.disabled && one.name.endsWith(`.${name}`));
  if (!control) return "";
  return control.matches("select") ? control.selectedOptions[0]?.textContent ?? "" : control.value;
}

function kindOf(row) {
  return row.querySelector("[data-cases]").value;
}

function labelOf(row) {
  return row.querySelector("[data-cases]").selectedOptions[0].textContent;
}

function act(row) {
  const value = valueOf(row, "value");
  if (["keyword", "emoji", "message_type"].includes(kindOf(row))) return value || preview.dataset.any;
  return value ? `${labelOf(row)} · ${value}` : labelOf(row);
}

function words(row) {
  const kind = kindOf(row);
  if (kind === "music") return `♪ ${valueOf(row, "title")}\n${valueOf(row, "description")}`.trim();
  if (["image", "voice", "video"].includes(kind)) return `[${labelOf(row)}] ${valueOf(row, "media_id")}`;
  if (kind === "nearest_store") return preview.dataset.stores;
  return valueOf(row, "content");
}

function note(rows) {
  const kinds = rows.map(kindOf);
  if (kinds[0] === "none") return preview.dataset.silent;
  const actions = preview.dataset.actions.split(" ");
  const action = rows.find((row) => actions.includes(kindOf(row)));
  if (action) return labelOf(action);
  return kinds[0] === "transfer_customer_service" ? preview.dataset.desk : "";
}

function write(name, text) {
  const part = preview.querySelector(`[data-rule-${name}]`);
  part.hidden = !text;
  (part.querySelector(".bubble-text") ?? part).textContent = text;
}

function draw() {
  const trigger = form.querySelector("[data-trigger]");
  const replies = [...form.querySelectorAll("[data-reply]")];
  const first = replies.find((row) => kindOf(row) === "news" || words(row));
  const news = preview.querySelector("[data-rule-news]");
  const isNews = Boolean(first) && kindOf(first) === "news";
  write("fan", trigger ? act(trigger) : "");
  write("robot", first && !isNews ? words(first) : "");
  write("note", replies.length ? note(replies) : "");
  news.hidden = !isNews;
  if (!isNews) return;
  news.querySelector(".bubble-news-title").textContent = valueOf(first, "title");
  news.querySelector(".bubble-news-text").textContent = valueOf(first, "description");
}

function hint(row) {
  const input = row.querySelector("input[data-hint-keyword]");
  input.placeholder = input.getAttribute(`data-hint-${kindOf(row)}`) ?? "";
  input.setAttribute("list", kindOf(row) === "emoji" ? "faces" : "faces-none");
}

// Only the pictures, voice messages or films that fit the kind of reply.
function narrow(row) {
  for (const group of row.querySelectorAll("optgroup[data-kind]")) {
    const fits = ["", kindOf(row)].includes(group.dataset.kind);
    group.hidden = !fits;
    for (const option of group.children) {
      option.disabled = !fits;
      if (!fits) option.selected = false;
    }
  }
}

// The server numbers rows without gaps: so must the names, or its sentences find no field.
function number(list) {
  const field = list.dataset.field;
  const rows = [...list.querySelectorAll("[data-rows-list] > [data-row]")];
  rows.forEach((row, index) => {
    for (const part of row.querySelectorAll("*")) {
      for (const name of ["name", "id", "for", "data-field", "aria-describedby"]) {
        const value = part.getAttribute(name);
        if (!value) continue;
        const dotted = value.replaceAll(new RegExp(`\\b${field}\\.\\d+`, "g"), `${field}.${index}`);
        part.setAttribute(name, dotted.replaceAll(new RegExp(`\\b${field}-\\d+`, "g"), `${field}-${index}`));
      }
    }
  });
  list.dataset.next = String(rows.length);
}

function renew() {
  for (const row of form.querySelectorAll("[data-trigger]")) hint(row);
  for (const row of form.querySelectorAll("[data-reply]")) narrow(row);
  draw();
}

function later() {
  // After Alpine has shown and hidden the parts of a new or changed row.
  requestAnimationFrame(() => {
    for (const list of form.querySelectorAll("[data-rows]")) number(list);
    renew();
  });
}

if (form && preview) {
  form.addEventListener("input", draw);
  form.addEventListener("change", later);
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-rows-add], [data-rows-drop]")) later();
  });
  document.addEventListener("alpine:initialized", later);
  later();
}
