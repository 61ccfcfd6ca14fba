// The article as it will look, beside its form: shown anew whenever what is typed was kept.

const panel = document.getElementById("preview-panel")
const toggle = document.querySelector(".preview-toggle")
const frame = panel?.querySelector("iframe")
const room = panel?.querySelector(".preview-room")
const WIDTHS = { desktop: 1280, phone: 360, print: 794, mail: 600 } // px; 794 is the width of A4

const kind = () => panel.querySelector("[name=preview-kind]:checked").value

// A browser lays a page out for print only on its way to the printer: so the rules for print are put in force here.
function layOutForPrint(rules) {
  for (const rule of rules) {
    if (rule.media) {
      const text = rule.media.mediaText
      if (/\bprint\b/.test(text)) rule.media.mediaText = "all"
      else if (/\bscreen\b|prefers-color-scheme/.test(text)) rule.media.mediaText = "not all"
    }
    if (rule.cssRules) layOutForPrint(rule.cssRules)
  }
}

function fit() {
  const width = WIDTHS[kind()]
  const scale = Math.min(1, room.clientWidth / width)
  frame.style.width = `${width}px`
  frame.style.height = `${room.clientHeight / scale}px`
  frame.style.transform = `scale(${scale})`
}

let place = 0

function show() {
  if (panel.hidden) return
  place = frame.contentWindow?.scrollY ?? 0
  fit()
  frame.src = `${panel.dataset.url}?unsaved=1${kind() === "mail" ? "&as=mail" : ""}`
}

function onLoad() {
  const page = frame.contentDocument
  if (!page || !frame.src) return
  for (const link of page.querySelectorAll("a[href]:not([href^='#'])")) link.target = "_blank"
  if (kind() === "print") {
    for (const sheet of page.styleSheets) layOutForPrint(sheet.cssRules)
    page.documentElement.style.padding = "18mm" // the margins of a sheet
  }
  frame.contentWindow.scrollTo(0, place)
}

function open(isOpen) {
  panel.hidden = !isOpen
  panel.parentElement.classList.toggle("is-open", isOpen)
  toggle.setAttribute("aria-expanded", String(isOpen))
  sessionStorage.setItem("preview", isOpen ? kind() : "")
  show()
}

// A text that was never saved has no page yet: it is saved first, and its form opens the preview.
const first = document.querySelector(".preview-first")
const draft = document.querySelector(".preview-draft")
if (first && draft) {
  first.hidden = false
  first.addEventListener("click", () => {
    sessionStorage.setItem("preview", "desktop")
    draft.form.requestSubmit(draft)
  })
}

if (panel && toggle) {
  toggle.hidden = false
  toggle.addEventListener("click", () => {
    open(panel.hidden)
    if (!panel.hidden) panel.scrollIntoView({ block: "nearest" }) // on a narrow screen it stands below
  })
  panel.querySelector(".preview-close").addEventListener("click", () => {
    open(false)
    toggle.focus()
  })
  panel.addEventListener("change", () => {
    place = 0
    open(true)
  })
  frame.addEventListener("load", onLoad)
  document.addEventListener("article:kept", show)
  new ResizeObserver(fit).observe(room)
  const before = sessionStorage.getItem("preview")
  if (before) {
    panel.querySelector(`[value="${before}"]`).checked = true
    open(true)
  }
}
