// A manuscript is dropped anywhere on the page; what is pasted brings its bold headers and notes with it.

const form = document.querySelector("form.manuscript")
const file = form.querySelector("input[type=file]")
const html = form.querySelector("[name=pasted_html]")
const pasted = form.querySelector("[name=pasted]")

for (const event of ["dragover", "drop"]) document.addEventListener(event, (e) => e.preventDefault())
document.addEventListener("dragenter", () => form.classList.add("dragging"))
document.addEventListener("dragleave", (e) => e.relatedTarget || form.classList.remove("dragging"))
document.addEventListener("drop", ({ dataTransfer }) => {
  form.classList.remove("dragging")
  if (!dataTransfer.files.length) return
  file.files = dataTransfer.files
  form.requestSubmit()
})

pasted.addEventListener("paste", ({ clipboardData }) => {
  html.value = pasted.value.trim() ? "" : clipboardData.getData("text/html")
})
// What is typed after that is no part of it: then the plain text counts.
pasted.addEventListener("input", ({ inputType }) => {
  if (inputType !== "insertFromPaste") html.value = ""
})
