// Shows what an author would be sorted by, as long as nothing else is written there.

const name = document.getElementById("id_name")
const sortName = document.getElementById("id_sort_name")

async function suggest() {
  const address = new URL(location.pathname.replace(/(?:add|\d+\/change)\/$/, "sort-name/"), location.href)
  address.search = new URLSearchParams({ name: name.value })
  const response = await fetch(address)
  if (response.ok) sortName.placeholder = (await response.json()).sort_name
}

if (name && sortName) {
  name.addEventListener("change", suggest)
  if (name.value) suggest()
}
