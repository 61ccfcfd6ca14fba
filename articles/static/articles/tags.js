// Completion for the tag that is being typed: arrow keys choose, Enter or Tab takes.

let n = 0

function complete(input) {
  const list = document.createElement("ul")
  list.className = "tag-completions"
  list.id = `tag-completions-${++n}`
  list.setAttribute("role", "listbox")
  list.hidden = true
  input.after(list)
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    input.setAttribute(name, value)
  }
  let at = -1
  let waiting

  const typed = () => input.value.slice(0, input.selectionStart).split(",").pop().trim()
  const open = (isOpen) => {
    list.hidden = !isOpen
    input.setAttribute("aria-expanded", String(isOpen))
    at = -1
    input.removeAttribute("aria-activedescendant")
  }

  function take(name) {
    const before = input.value.slice(0, input.selectionStart)
    const start = before.lastIndexOf(",") + 1
    const rest = input.value.slice(input.selectionStart).replace(/^[^,]*,?\s*/, "")
    const written = name.includes(",") ? `"${name}"` : name
    input.value = `${before.slice(0, start)}${start ? " " : ""}${written}, ${rest}`
    open(false)
    input.focus()
  }

  function mark(step) {
    const options = [...list.children]
    at = (at + step + options.length) % options.length
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === at)))
    input.setAttribute("aria-activedescendant", options[at].id)
  }

  async function suggest() {
    const word = typed()
    if (!word) return open(false)
    const response = await fetch(`${input.dataset.complete}?${new URLSearchParams({ q: word })}`)
    if (!response.ok || word !== typed()) return
    const { names } = await response.json()
    list.replaceChildren(
      ...names.map((name, index) => {
        const option = document.createElement("li")
        option.id = `${list.id}-${index}`
        option.setAttribute("role", "option")
        option.textContent = name
        option.addEventListener("mousedown", (event) => {
          event.preventDefault()
          take(name)
        })
        return option
      }),
    )
    open(names.length > 0)
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(suggest, 150)
  })
  input.addEventListener("blur", () => open(false))
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return
    if (event.key === "ArrowDown" || event.key === "ArrowUp") mark(event.key === "ArrowDown" ? 1 : -1)
    else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) take(list.children[at].textContent)
    else if (event.key === "Escape") open(false)
    else return
    event.preventDefault()
  })
}

document.querySelectorAll("input.tags-input").forEach(complete)
