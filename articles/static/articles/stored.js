// Links, lists, quotations and tables, so that a text leaves the editor as it is stored: with the cells and list items
// that have no paragraph of their own, with the head and the caption of a table, and without what may not be stored.

import {
  Blockquote,
  Extension,
  Link,
  ListItem,
  OrderedList,
  Table,
  TableCell,
  TableHeader,
  TableRow,
  updateAttrsDialog,
} from "django-prose-editor/editor"

const ALLOWED = /^(?:https?:|mailto:|[^:]*$|[/?#])/i

// Whether the element held its text directly, without a paragraph.
const bare = (forNew) => ({
  default: forNew,
  parseHTML: (element) => !element.querySelector(":scope > p"),
  renderHTML: (attributes) => (attributes.bare ? { "data-bare": "" } : {}),
})

function unwrap(element) {
  element.removeAttribute("data-bare")
  const paragraphs = element.querySelectorAll(":scope > p")
  if (paragraphs.length === 1 && element.firstElementChild === paragraphs[0]) {
    paragraphs[0].replaceWith(...paragraphs[0].childNodes)
  }
}

function arrangeTable(table) {
  const page = table.ownerDocument // of the template: nothing in it is ever loaded or run
  const head = page.createElement("thead")
  for (const row of table.querySelectorAll(":scope > tbody > tr[data-head]")) {
    row.removeAttribute("data-head")
    head.append(row)
  }
  if (head.firstChild) table.prepend(head)
  if (table.dataset.caption) {
    const caption = page.createElement("caption")
    caption.innerHTML = table.dataset.caption
    table.prepend(caption)
  }
  table.removeAttribute("data-caption")
  const body = table.querySelector(":scope > tbody")
  if (body && !body.firstElementChild) body.remove()
}

export function arrange(html) {
  const page = document.createElement("template")
  page.innerHTML = html
  page.content.querySelectorAll("[data-bare]").forEach(unwrap)
  page.content.querySelectorAll("table").forEach(arrangeTable)
  page.content.querySelectorAll("figcaption:empty").forEach((caption) => caption.remove())
  return page.innerHTML
}

export const AsStored = Extension.create({
  name: "asStored",
  onBeforeCreate() {
    const original = this.editor.getHTML.bind(this.editor)
    this.editor.getHTML = () => arrange(original())
  },
})

export const StoredLink = Link.extend({
  addOptions() {
    return { ...this.parent?.(), isAllowedUri: (url) => ALLOWED.test(url), shouldAutoLink: () => false }
  },
  addAttributes: () => ({ href: { default: null } }),
  addCommands() {
    return {
      ...this.parent?.(),
      addLink:
        () =>
        ({ editor }) => {
          if (editor.state.selection.empty && !editor.isActive("link")) return false
          const ask = updateAttrsDialog({ href: { title: "Address (https://…)" } }, { title: "Link" })
          ask(editor, editor.getAttributes("link")).then((answer) => {
            if (!answer) return
            const chain = editor.chain().focus().extendMarkRange("link")
            answer.href.trim() ? chain.setLink({ href: answer.href.trim() }).run() : chain.unsetLink().run()
          })
          return true
        },
    }
  },
})

export const StoredListItem = ListItem.extend({ addAttributes: () => ({ bare: bare(true) }) })
export const StoredBlockquote = Blockquote.extend({ addAttributes: () => ({ bare: bare(false) }) })
export const StoredOrderedList = OrderedList.extend({
  addAttributes: () => ({
    start: {
      default: 1,
      parseHTML: (element) => Number(element.getAttribute("start") ?? 1),
      renderHTML: (attributes) => (attributes.start === 1 ? {} : { start: attributes.start }),
    },
  }),
  renderHTML: ({ HTMLAttributes }) => ["ol", HTMLAttributes, 0],
  addNodeView: () => null, // the list itself, without a style of its own
})

export const StoredTable = Table.extend({
  addAttributes: () => ({
    caption: {
      default: "",
      parseHTML: (element) => element.querySelector(":scope > caption")?.innerHTML ?? "",
      renderHTML: (attributes) => (attributes.caption ? { "data-caption": attributes.caption } : {}),
    },
  }),
  parseHTML: () => [{ tag: "table" }, { tag: "caption", ignore: true }],
  addMenuItems(storage) {
    this.parent?.(storage)
    const { menu, buttons } = storage
    menu.defineItem({
      name: "table:caption",
      groups: "table",
      priority: 40,
      command: askForCaption,
      button: buttons.material("closed_caption", "Table caption"),
      hidden: (editor) => !editor.isActive("table"),
    })
  },
})

function askForCaption(editor) {
  const text = document.createElement("template")
  text.innerHTML = editor.getAttributes("table").caption
  const ask = updateAttrsDialog({ caption: { title: "Caption" } }, { title: "Table caption" })
  ask(editor, { caption: text.content.textContent }).then((answer) => {
    if (!answer || answer.caption === text.content.textContent) return
    const escaped = document.createElement("p")
    escaped.textContent = answer.caption
    editor.chain().focus().updateAttributes("table", { caption: escaped.innerHTML }).run()
  })
}

export const StoredTableRow = TableRow.extend({
  addAttributes: () => ({
    head: {
      default: false,
      parseHTML: (element) => element.parentElement?.tagName === "THEAD",
      renderHTML: (attributes) => (attributes.head ? { "data-head": "" } : {}),
    },
  }),
})

const span = (name) => ({
  default: 1,
  parseHTML: (element) => Number(element.getAttribute(name)) || 1,
  renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}),
})
const cell = { bare: bare(true), colspan: span("colspan"), rowspan: span("rowspan"), colwidth: { default: null } }
const scope = { default: null, parseHTML: (element) => element.getAttribute("scope") }

export const StoredTableCell = TableCell.extend({ addAttributes: () => cell })
export const StoredTableHeader = TableHeader.extend({ addAttributes: () => ({ ...cell, scope }) })
