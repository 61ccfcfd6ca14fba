// The image that is chosen, beside its name; and the one that is about to be uploaded.

const $ = window.django.jQuery

$(document).on("change", ".image-select select", ({ target }) => {
  const box = target.closest(".image-select")
  const image = box.querySelector("img.thumbnail")
  image.hidden = !target.value
  if (target.value) image.src = `${box.dataset.thumbnail}?pk=${encodeURIComponent(target.value)}`
})

// One whose file is still awaited has none.
for (const image of document.querySelectorAll(".image-select img.thumbnail")) {
  image.addEventListener("error", () => (image.hidden = true))
  if (image.complete && !image.naturalWidth) image.hidden = true
}

async function preview({ target }) {
  if (!target.matches?.("input.image-upload")) return
  target.parentElement.querySelector("canvas.thumbnail")?.remove()
  const bitmap = target.files[0] && (await createImageBitmap(target.files[0]).catch(() => null))
  if (!bitmap) return
  const canvas = document.createElement("canvas")
  canvas.className = "thumbnail"
  canvas.width = 320
  canvas.height = Math.max(1, Math.round((bitmap.height * 320) / bitmap.width))
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  target.after(canvas)
}

document.addEventListener("change", preview)
