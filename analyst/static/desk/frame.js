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
