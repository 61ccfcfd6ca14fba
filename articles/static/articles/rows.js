// Rows in an order: they are dragged, or moved by "up" and "down" buttons, and the numbers follow. A new byline begins with what is known.

const $ = window.django.jQuery
const editors = new WeakMap()
document.addEventListener("prose-editor:ready", ({ detail }) => editors.set(detail.textarea, detail.editor))

const said = document.createElement("p")
said.className = "visually-hidden"
said.setAttribute("role", "status")
document.body.append(said)

const rowsOf = (group) =>
  [...group.querySelectorAll(group.dataset.inlineType === "tabular" ? "tr.form-row" : ".inline-related")].filter(
    (row) => !row.classList.contains("empty-form"),
  )

function number(group) {
  rowsOf(group).forEach((row, index) => {
    row.querySelector(".row-position").value = index + 1
  })
}

function move(group, row, step, button) {
  const rows = rowsOf(group)
  const other = rows[rows.indexOf(row) + step]
  if (!other) return
  step < 0 ? other.before(row) : other.after(row)
  number(group)
  button.focus()
  said.textContent = `Now in place ${rowsOf(group).indexOf(row) + 1} of ${rows.length}.`
}

let dragged = null

function handleOf(group, row) {
  const handle = document.createElement("span")
  handle.className = "row-handle"
  handle.draggable = true
  handle.textContent = "⠿"
  handle.title = "Drag to move"
  handle.setAttribute("aria-hidden", "true")
  handle.addEventListener("dragstart", ({ dataTransfer }) => {
    dragged = row
    dataTransfer.effectAllowed = "move"
    dataTransfer.setData("text/plain", "")
    dataTransfer.setDragImage(row, 0, 0)
  })
  handle.addEventListener("dragend", () => {
    dragged = null
    number(group)
  })
  return handle
}

function dragOver(group, event) {
  const rows = rowsOf(group)
  const over = rows.find((row) => row.contains(event.target))
  if (!rows.includes(dragged) || !over) return
  event.preventDefault()
  const box = over.getBoundingClientRect()
  if (over !== dragged) event.clientY > box.top + box.height / 2 ? over.after(dragged) : over.before(dragged)
}

function addButtons(group, row) {
  const position = row.querySelector(".row-position")
  if (!position || row.querySelector(".row-moves")) return
  const moves = document.createElement("span")
  moves.className = "row-moves"
  moves.append(handleOf(group, row))
  for (const [step, sign, label] of [[-1, "↑", "Move up"], [1, "↓", "Move down"]]) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = sign
    button.title = label
    button.setAttribute("aria-label", label)
    button.addEventListener("click", () => move(group, row, step, button))
    moves.append(button)
  }
  position.after(moves)
}

async function beginByline(select) {
  const row = select.closest(".inline-related")
  const blank = (name) => {
    const field = row?.querySelector(`[name$="-${name}"]`)
    return field && !field.value ? field : null
  }
  const [name, affiliation, bio] = ["name", "affiliation", "bio"].map(blank)
  if (!select.value || row?.classList.contains("has_original") || !(name || affiliation || bio)) return
  const response = await fetch(new URL(`../../author/${select.value}/as-printed/`, listAddress))
  if (!response.ok) return
  const author = await response.json()
  if (name) name.value = author.name
  if (affiliation) affiliation.value = author.affiliation
  if (bio) editors.get(bio)?.commands.setContent(author.bio, { emitUpdate: true })
}

// "/admin/articles/article/", whether this page adds a row or changes one.
const listAddress = new URL(location.pathname.replace(/(?:add|\d+\/change)\/$/, "x/"), location.href)

for (const group of document.querySelectorAll(".inline-group")) {
  if (!group.querySelector(".ordered-rows")) continue
  rowsOf(group).forEach((row) => addButtons(group, row))
  group.addEventListener("dragover", (event) => dragOver(group, event))
  group.addEventListener("drop", (event) => event.preventDefault())
  group.addEventListener("formset:added", ({ target }) => {
    addButtons(group, target)
    number(group)
  })
}
$(document).on("change", "select[name^=bylines-][name$=-author]", (event) => beginByline(event.target))
