// A new article has the fields of its category: three sections or one body. What holds a text is never hidden.

const kinds = JSON.parse(document.getElementById("category-kinds")?.textContent ?? "{}")
const category = document.getElementById("id_category")
const sections = document.querySelector("fieldset.sections")
const body = document.querySelector("fieldset.body")

const holdsSomething = (fieldset) =>
  [...fieldset.querySelectorAll("textarea")].some((text) => text.value.trim()) || fieldset.querySelector(".errorlist")

function show() {
  const hasSections = kinds[category.value] ?? true
  const [wanted, other] = hasSections ? [sections, body] : [body, sections]
  if (holdsSomething(other)) {
    other.hidden = false
    wanted.hidden = !holdsSomething(wanted)
  } else {
    other.hidden = true
    wanted.hidden = false
  }
}

if (category && sections && body) {
  category.addEventListener("change", show)
  show()
}

// A status that needs a notice shows the field for it.
const status = document.getElementById("id_status")
const notice = document.querySelector(".form-row.field-withdrawal_notice")
if (status && notice) {
  const follow = () => (notice.hidden = status.value !== "withdrawn" && !notice.querySelector("textarea").value)
  status.addEventListener("change", follow)
  follow()
}
