// Ctrl-S (⌘S) saves the form of the page: it goes on being edited where that is offered.

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return
  const save = document.querySelector(".submit-row [name=_continue], .submit-row [name=_save], .submit-row .default")
  if (!save) return
  event.preventDefault()
  save.click()
})

// A page that is wider than a telephone has the side in view: it is no dialog that Escape closes.
const side = document.getElementById("desk-side")
side?.querySelectorAll("a").forEach((link) => link.addEventListener("click", () => side.matches(":popover-open") && side.hidePopover()))

// What is drawn in the place of a field bears the field's name: Select2's choices, and the editors of texts.
const nameOf = (field) => {
  const label = field.labels?.[0] ?? document.querySelector(`label[for="${field.id}"]`)
  const named = label ?? field.closest("details")?.querySelector("summary")
  return named?.textContent.trim().replace(/:$/, "")
}

function nameWhatIsDrawn() {
  for (const select of document.querySelectorAll("select.select2-hidden-accessible")) {
    const drawn = select.nextElementSibling?.querySelectorAll("[role=combobox], [role=textbox], [role=searchbox]") ?? []
    for (const part of drawn) part.setAttribute("aria-label", nameOf(select) ?? "Choice")
  }
  for (const editor of document.querySelectorAll(".prose-editor")) {
    const field = editor.querySelector("textarea")
    editor.querySelector("[contenteditable]")?.setAttribute("aria-label", (field && nameOf(field)) ?? "Text")
  }
}

// They are drawn by scripts of others, some of which come late, and by those that add a row.
const watch = new MutationObserver(nameWhatIsDrawn)
watch.observe(document.body, { childList: true, subtree: true })
setTimeout(() => watch.disconnect(), 5000)
nameWhatIsDrawn()
document.addEventListener("formset:added", () => setTimeout(nameWhatIsDrawn, 300))
document.addEventListener("focusin", nameWhatIsDrawn)
