// A footnote stands in the text where it is cited: <small data-note>…</small>. The page numbers them.

import {
  Bold,
  Document,
  Editor,
  HardBreak,
  History,
  Italic,
  Link,
  Menu,
  Node,
  Paragraph,
  Subscript,
  Superscript,
  Text,
  crel,
  getHTMLFromFragment,
} from "django-prose-editor/editor"

const CONTENT = "(text | hardBreak)*"

function noteEditor(element, content) {
  return new Editor({
    element,
    content,
    extensions: [
      Document.extend({ content: CONTENT }),
      Paragraph.extend({ group: "unused" }),
      Text,
      HardBreak,
      Bold,
      Italic,
      Subscript,
      Superscript,
      Link.extend({ addAttributes: () => ({ href: { default: null } }) }).configure({ autolink: false }),
      History,
      Menu.configure({ groups: [{ group: "marks" }, { group: "link" }] }),
    ],
  })
}

function ask(content, done) {
  const place = crel("div", { className: "prose-editor note-editor" })
  const save = crel("button", { type: "button", textContent: "Save note", className: "default" })
  const remove = crel("button", { type: "button", textContent: "Remove note" })
  const cancel = crel("button", { type: "button", textContent: "Cancel" })
  const dialog = crel("dialog", { className: "desk-dialog", "aria-label": "Footnote" }, [
    crel("h2", { textContent: "Footnote" }),
    place,
    crel("p", { className: "desk-dialog-buttons" }, [save, remove, cancel]),
  ])
  document.body.append(dialog)
  const editor = noteEditor(place, content)
  save.addEventListener("click", () => close(editor.getJSON().content ?? []))
  remove.addEventListener("click", () => close([]))
  cancel.addEventListener("click", () => dialog.close())
  dialog.addEventListener("close", () => {
    editor.destroy()
    dialog.remove()
  })
  function close(answer) {
    dialog.close()
    done(answer)
  }
  dialog.showModal()
  editor.commands.focus("end")
}

function edit(editor, type) {
  const { node } = editor.state.selection
  const isNote = node?.type === type
  ask({ type: "doc", content: isNote ? node.content.toJSON() ?? [] : [] }, (content) => {
    const chain = editor.chain().focus()
    const note = { type: type.name, content }
    if (!content.length) isNote && chain.deleteSelection().run()
    else if (isNote) chain.insertContent(note).run()
    else chain.insertContentAt(editor.state.selection.to, note).run() // after what is selected, not in its place
  })
  return true
}

export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  content: CONTENT,

  parseHTML: () => [{ tag: "small" }],
  renderHTML: () => ["small", { "data-note": "" }, 0],

  addNodeView() {
    return ({ node, editor, getPos }) => {
      const dom = crel("small", { className: "note", title: "Footnote. Double-click to change it.", "data-note": "" })
      dom.innerHTML = getHTMLFromFragment(node.content, editor.schema)
      dom.addEventListener("dblclick", () => {
        editor.commands.setNodeSelection(getPos())
        edit(editor, node.type)
      })
      return { dom }
    }
  },

  addCommands() {
    return { editFootnote: () => ({ editor }) => edit(editor, editor.schema.nodes.footnote) }
  },

  addKeyboardShortcuts() {
    return { "Mod-Alt-f": () => this.editor.commands.editFootnote() }
  },

  addMenuItems({ menu, buttons }) {
    menu.defineItem({
      name: "footnote",
      groups: "note",
      command: (editor) => editor.commands.editFootnote(),
      button: buttons.text("Note", "Note: footnote (Ctrl+Alt+F)"),
      active: (editor) => editor.isActive("footnote"),
    })
  },
})
