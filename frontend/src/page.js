// Small comforts: menus that close, tables that keep their meaning as cards, a question before work is lost.

function closePopovers() {
  const popovers = document.querySelectorAll("details[data-popover]");
  document.addEventListener("click", (event) => {
    for (const popover of popovers) {
      if (popover.open && !popover.contains(event.target)) popover.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const popover of popovers) {
      if (!popover.open) continue;
      popover.open = false;
      popover.querySelector("summary").focus();
    }
  });
}

// Wide screens show these always. Newer browsers do it by style alone; the others open them here.
function openOnWideScreens() {
  if (CSS.supports("selector(::details-content)") || !matchMedia("(min-width: 56em)").matches) return;
  for (const details of document.querySelectorAll(".cd-menu, .cd-player__outline")) details.open = true;
}

// A table laid out as blocks is no table to some screen readers unless its roles are spelt out.
function nameTableRoles() {
  const roles = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };
  for (const table of document.querySelectorAll(".cd-table--cards")) {
    for (const part of [table, ...table.querySelectorAll("thead, tbody, tr, td")]) {
      part.setAttribute("role", roles[part.localName]);
    }
    for (const header of table.querySelectorAll("th")) {
      header.setAttribute("role", header.scope === "row" ? "rowheader" : "columnheader");
    }
  }
}

function tickAll() {
  for (const all of document.querySelectorAll("input[data-check-all]")) {
    const boxes = [...all.closest("form, table").querySelectorAll(`input[type="checkbox"][name="${all.dataset.checkAll}"]`)];
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      all.checked = boxes.length > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
      for (const count of document.querySelectorAll("[data-check-count]")) count.textContent = String(ticked);
    };
    all.addEventListener("change", () => {
      for (const box of boxes) box.checked = all.checked;
      show();
    });
    for (const box of boxes) box.addEventListener("change", show);
    show();
  }
}

function askBeforeLosingWork() {
  for (const form of document.querySelectorAll("form[data-unsaved]")) {
    let changed = false;
    form.addEventListener("input", () => { changed = true; });
    form.addEventListener("submit", () => { changed = false; });
    window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
  }
}

function offerPrinting() {
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}

export function improvePage() {
  closePopovers();
  openOnWideScreens();
  nameTableRoles();
  tickAll();
  askBeforeLosingWork();
  offerPrinting();
}
