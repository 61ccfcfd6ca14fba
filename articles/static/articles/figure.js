// A figure in the text: <figure data-image="KEY" data-alt="…"><figcaption>…</figcaption></figure>.

import { Node, crel } from "django-prose-editor/editor"

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? ""

async function upload(url, file) {
  const body = new FormData()
  body.append("file", file)
  const response = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token() } })
  const answer = await response.json().catch(() => ({ error: "The image could not be sent. Try again." }))
  if (!response.ok) throw new Error(answer.error)
  return answer
}

function choice({ key, label, thumbnail }, chosen) {
  return crel("label", { className: "image-choice" }, [
    crel("input", { type: "radio", name: "desk-image", value: key, checked: key === chosen }),
    crel("img", { src: thumbnail, alt: "", loading: "lazy" }),
    crel("span", { textContent: label }),
  ])
}

function ask(urls, attrs, done) {
  const search = crel("input", { type: "search", placeholder: "Search by credit or source", "aria-label": "Search images" })
  const choices = crel("div", { className: "image-choices", role: "radiogroup", "aria-label": "Images" })
  const file = crel("input", { type: "file", accept: "image/*" })
  const alt = crel("input", { type: "text", value: attrs.alt ?? "", maxLength: 300 })
  const said = crel("p", { className: "desk-dialog-said", role: "status" })
  const save = crel("button", { type: "button", textContent: attrs.image ? "Save" : "Insert", className: "default" })
  const cancel = crel("button", { type: "button", textContent: "Cancel" })
  const dialog = crel("dialog", { className: "desk-dialog", "aria-label": "Figure" }, [
    crel("h2", { textContent: "Figure" }),
    search,
    choices,
    crel("label", {}, ["Or upload a new image ", file]),
    crel("label", {}, ["What it shows, for those who do not see it ", alt]),
    said,
    crel("p", { className: "desk-dialog-buttons" }, [save, cancel]),
  ])
  const chosen = () => choices.querySelector(":checked")?.value ?? attrs.image

  async function show() {
    const kept = chosen()
    const response = await fetch(`${urls.choose}?${new URLSearchParams({ q: search.value })}`)
    if (!response.ok) return
    const { images } = await response.json()
    choices.replaceChildren(...images.map((image) => choice(image, kept)))
    said.textContent = images.length ? "" : "No image is known by these words."
  }

  file.addEventListener("change", async () => {
    if (!file.files[0]) return
    said.textContent = "Sending …"
    try {
      const image = await upload(urls.upload, file.files[0])
      choices.prepend(choice(image, image.key))
      said.textContent = "The image is here."
    } catch (problem) {
      said.textContent = problem.message
    }
    file.value = ""
  })
  let waiting
  search.addEventListener("input", () => {
    clearTimeout(waiting)
    waiting = setTimeout(show, 250)
  })
  save.addEventListener("click", () => {
    if (!chosen()) return (said.textContent = "Choose an image first.")
    done({ image: chosen(), alt: alt.value.trim() })
    dialog.close()
  })
  cancel.addEventListener("click", () => dialog.close())
  dialog.addEventListener("close", () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
  show()
}

export const ImageFigure = Node.create({
  name: "figure",
  group: "block",
  content: "inline*",
  draggable: true,
  isolating: true,

  addOptions: () => ({ thumbnail: "", choose: "", upload: "" }),
  addAttributes: () => ({
    image: {
      default: null,
      parseHTML: (element) => element.dataset.image,
      renderHTML: ({ image }) => ({ "data-image": image }),
    },
    alt: {
      default: null,
      parseHTML: (element) => element.getAttribute("data-alt"),
      renderHTML: ({ alt }) => (alt === null ? {} : { "data-alt": alt }),
    },
  }),

  parseHTML: () => [
    { tag: "figure[data-image]", contentElement: (element) => element.querySelector("figcaption") ?? element },
  ],
  renderHTML: ({ HTMLAttributes }) => ["figure", HTMLAttributes, ["figcaption", 0]],

  addNodeView() {
    return ({ node, editor, getPos }) => {
      const image = crel("img", { alt: "" })
      const button = crel("button", { type: "button", textContent: "Change image" })
      const caption = crel("figcaption")
      const top = crel("div", { contentEditable: "false", className: "figure-image" }, [image, button])
      const dom = crel("figure", {}, [top, caption])
      const show = ({ attrs }) => {
        image.src = `${this.options.thumbnail}?${new URLSearchParams({ key: attrs.image })}`
        image.alt = attrs.alt ?? ""
      }
      button.addEventListener("click", () => {
        const current = editor.state.doc.nodeAt(getPos())
        ask(this.options, current.attrs, (attrs) => {
          editor.chain().focus().setNodeSelection(getPos()).updateAttributes("figure", attrs).run()
        })
      })
      show(node)
      return {
        dom,
        contentDOM: caption,
        update: (updated) => updated.type.name === "figure" && (show(updated), true),
        ignoreMutation: (mutation) => mutation.type !== "selection" && !caption.contains(mutation.target),
      }
    }
  },

  addCommands() {
    return {
      // The menu's own button for figures calls it by this name.
      insertFigure:
        () =>
        ({ editor, dispatch }) => {
          if (!dispatch) return true
          ask(this.options, {}, (attrs) => {
            const after = editor.state.selection.to // what is selected stays
            editor.chain().focus().insertContentAt(after, { type: "figure", attrs }).run()
          })
          return true
        },
    }
  },

  addKeyboardShortcuts() {
    return {
      // A caption is one line: Enter goes on below the figure.
      Enter: ({ editor }) => {
        if (!editor.isActive("figure")) return false
        const { $from } = editor.state.selection
        return editor.chain().insertContentAt($from.after($from.depth), { type: "paragraph" }).focus($from.after($from.depth) + 1).run()
      },
    }
  },
})
