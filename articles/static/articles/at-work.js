// What is typed is kept on the server every few seconds, until it is saved. While the server cannot be reached or the
// session has ended, it stays in this browser, and the form says so. The server tells who else is in the article.

const box = document.getElementById("at-work")
const form = box?.closest("form")
const EVERY = 4_000 // ms between two looks at the form
const PRESENT = 15_000 // ms between two signs of life
const TYPING = 10_000 // ms that a keystroke counts as typing
const place = `unsaved:${box?.dataset.editor}:${location.pathname}`

let kept = null // the form as it was when it was kept last
let touched = box?.hasAttribute("data-unsaved") ?? false
let typedAt = -Infinity
let saidAt = -Infinity
let running = Promise.resolve(true) // what was said last
let isLost = false
let leaving = false
let looked = false // whether the server has looked at the text as it was at first

const part = (name) => box.querySelector(`.at-work-${name}`)
const tokens = () => document.querySelectorAll("input[name=csrfmiddlewaretoken]")

function written() {
  const fields = [...new FormData(form)].filter(
    ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken",
  )
  return new URLSearchParams(fields).toString()
}

async function post(body) {
  const send = () =>
    fetch(box.dataset.url, {
      method: "POST",
      body: new URLSearchParams(body),
      headers: { "X-CSRFToken": tokens()[0].value },
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    })
  const response = await send()
  if (response.status !== 403) return response
  await renewToken() // signing in anew has made the old one void
  return send()
}

async function renewToken() {
  const response = await fetch(box.dataset.url, { redirect: "manual", signal: AbortSignal.timeout(10_000) })
  if (response.ok) {
    const { token } = await response.json()
    for (const field of tokens()) field.value = token
  }
}

function trouble(text, link) {
  const said = part("trouble")
  if (said.dataset.text === text) return
  said.dataset.text = text
  said.textContent = text
  said.hidden = !text
  if (link) {
    const way = document.createElement("a")
    Object.assign(way, { href: box.dataset.signIn, target: "_blank", textContent: link })
    said.append(" ", way)
  }
}

function lose(body, text, link) {
  isLost = true
  let suffix = "What you type stays in this browser and is kept as soon as that is over."
  try {
    if (body) localStorage.setItem(place, JSON.stringify(body))
  } catch {
    suffix = "Your browser keeps nothing either: copy your text before you close this page."
  }
  trouble(`${text} ${suffix}`, link)
}

// What is doubtful in the text, each with the way to where it is put right.
function tellDoubts(doubts) {
  const panel = form.querySelector(".preflight")
  panel.hidden = doubts.length === 0
  panel.querySelector("ul").replaceChildren(
    ...doubts.map(({ says, field, stops, waits }) => {
      const item = document.createElement("li")
      const way = document.createElement("button")
      way.type = "button"
      way.textContent = `${stops ? "Must be put right: it" : "It"} ${says}.`
      item.className = stops ? "stops" : waits ? "waits" : ""
      way.addEventListener("click", () => lead(field))
      item.append(way)
      return item
    }),
  )
}

function tellSigned(signed) {
  const panel = form.querySelector(".sign-offs")
  panel.hidden = signed.length === 0
  panel.querySelector("ul").replaceChildren(
    ...signed.map(({ says, url }) => {
      const item = document.createElement("li")
      const way = document.createElement("a")
      Object.assign(way, { href: url, textContent: says })
      item.append(way)
      return item
    }),
  )
}

// The board of an issue leads here, to the field that it speaks of.
addEventListener("load", () => location.hash.startsWith("#at-") && lead(location.hash.slice(4)))

function lead(field) {
  const place = document.getElementById(`id_${field}`)?.closest(".form-row") ?? document.querySelector(`.source`)
  place?.scrollIntoView({ block: "center" })
  place?.querySelector("[contenteditable=true], input:not([type=hidden]), textarea, select, a")?.focus()
}

function show({ token, kept: at, others = [], saved, doubts, signed }) {
  if (doubts) {
    tellDoubts(doubts)
    looked = !doubts.some(({ waits }) => waits) // what waits to be checked is looked at again
  }
  if (signed) tellSigned(signed)
  if (token) for (const field of tokens()) field.value = token
  if (isLost) localStorage.removeItem(place)
  isLost = false
  trouble("")
  if (at) part("kept").textContent = `Kept at ${at}; not saved yet.`
  const list = part("others")
  list.hidden = others.length === 0
  list.replaceChildren(
    ...others.map(({ name, since, typing }) => {
      const item = document.createElement("li")
      item.textContent = `${name} is in this article since ${since}${typing ? " and is typing" : ""}.`
      return item
    }),
  )
  const news = part("news")
  const text = saved
    ? `${saved.name} saved revision ${saved.number} at ${saved.at}. When you save, both texts are brought together.`
    : ""
  if (news.textContent !== text) news.textContent = text
  news.hidden = !text
}

// One after the other, so that no older text comes after a newer one. Answers whether the form may be sent.
function say() {
  running = running.then(tell)
  return running
}

async function tell() {
  if (leaving) return true
  const body = written()
  const isNew = touched && body !== kept
  const sent = new URLSearchParams(isNew || !looked ? body : { base: form.elements.base?.value ?? "" })
  if (!isNew) sent.set("looks", "1") // and nothing is kept
  if (performance.now() - typedAt < TYPING) sent.set("typing", "1")
  saidAt = performance.now()
  const lost = isNew || isLost ? body : ""
  try {
    const response = await post(sent)
    if (response.ok) {
      if (isNew) kept = body
      looked = true
      show(await response.json())
      if (isNew) document.dispatchEvent(new Event("article:kept"))
      return true
    }
    if (response.type === "opaqueredirect") {
      lose(lost, "You are signed out.", "Sign in in another tab, then go on here.")
      return false
    }
    lose(lost, response.status === 403 ? "You may not change this article any more." : "The server has a problem.")
    return response.status !== 403
  } catch {
    lose(lost, "The server cannot be reached.")
    return false
  }
}

function look() {
  const now = performance.now()
  if ((touched && written() !== kept && now - saidAt >= EVERY) || now - saidAt > PRESENT) say()
}

// What a crash, or the end of a session, left in this browser goes to the server, which knows whether it was saved.
async function handOver() {
  const left = localStorage.getItem(place)
  if (!left || box.hasAttribute("data-unsaved")) return
  const response = await post(JSON.parse(left)).catch(() => null)
  if (!response?.ok) return
  localStorage.removeItem(place)
  const { unsaved } = await response.json()
  if (unsaved) location.replace(location.pathname)
}

// Before anything is typed, it is decided what happens to the text that was typed before.
function waitForChoice() {
  const offers = box.querySelectorAll(".at-work-offer")
  for (const rest of form.querySelectorAll(".desk-columns, .submit-row, .publish-changes")) {
    rest.inert = offers.length > 0 && location.pathname.endsWith("/change/")
  }
  return offers.length > 0 && location.pathname.endsWith("/change/")
}

function begin() {
  kept = box.hasAttribute("data-unsaved") ? null : written()
  const isOffered = waitForChoice()
  form.addEventListener("input", () => {
    typedAt = performance.now()
  })
  for (const kind of ["input", "change", "click", "drop", "paste"]) {
    form.addEventListener(kind, () => {
      touched ||= !isOffered
    })
  }
  let mayGo = false
  form.addEventListener("submit", async (event) => {
    if (mayGo || event.defaultPrevented) return
    event.preventDefault()
    const { submitter } = event
    if (!(await say())) {
      part("trouble").scrollIntoView({ block: "center" })
      return // the text would be lost on the way to the page for signing in
    }
    mayGo = leaving = true
    form.requestSubmit(submitter)
    mayGo = false
    leaving = false
  })
  document.addEventListener("visibilitychange", () => say())
  addEventListener("pagehide", () => {
    leaving = true
    const body = new FormData()
    body.set("leaves", "1")
    body.set("csrfmiddlewaretoken", tokens()[0].value)
    navigator.sendBeacon(box.dataset.url, body)
  })
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) leaving = false
  })
  setInterval(look, EVERY)
  handOver().then(say)
}

if (form) document.readyState === "complete" ? begin() : addEventListener("load", begin)
