// Order questions: the move buttons work in place; without this the server moves the row.

function moved(row, up) {
  const neighbour = up ? row.previousElementSibling : row.nextElementSibling;
  if (!neighbour) return false;
  if (up) neighbour.before(row); else neighbour.after(row);
  return true;
}

function keepFocus(button, row) {
  if (getComputedStyle(button).visibility !== "hidden") button.focus();
  else row.querySelector(".cd-order__moves .cd-button:not(:focus)")?.focus();
}

export function orderRows() {
  for (const list of document.querySelectorAll(".cd-order")) {
    const spoken = document.createElement("p");
    spoken.className = "govuk-visually-hidden";
    spoken.setAttribute("role", "status");
    list.after(spoken);
    list.addEventListener("click", (event) => {
      const button = event.target.closest('button[name="move"]');
      if (!button) return;
      event.preventDefault();
      const row = button.closest("li");
      if (!moved(row, button.value.startsWith("up"))) return;
      for (const other of list.children) other.classList.toggle("is-moved", other === row);
      keepFocus(button, row);
      const place = [...list.children].indexOf(row) + 1;
      spoken.textContent = `${row.querySelector(".cd-order__text").textContent.trim()}: ${place} / ${list.children.length}`;
      list.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}
