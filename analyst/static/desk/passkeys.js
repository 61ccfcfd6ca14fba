// Passkeys: the server's options go to the browser's authenticator, and what it answers goes back in the form.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0))
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "")
const known = (keys) => keys?.map((key) => ({ ...key, id: bytes(key.id) }))

async function create({ publicKey }, alone) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge), excludeCredentials: known(publicKey.excludeCredentials) }
  options.user = { ...publicKey.user, id: bytes(publicKey.user.id) }
  options.authenticatorSelection = {
    ...publicKey.authenticatorSelection,
    residentKey: alone ? "required" : "discouraged",
    requireResidentKey: alone,
    ...(alone && { userVerification: "required" }),
  }
  const made = await navigator.credentials.create({ publicKey: options })
  return told(made, {
    attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  })
}

async function get({ publicKey }) {
  const options = { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) }
  const shown = await navigator.credentials.get({ publicKey: options })
  const { authenticatorData, signature, userHandle } = shown.response
  return told(shown, {
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle && text(userHandle),
  })
}

function told(credential, response) {
  return {
    type: credential.type,
    id: credential.id,
    rawId: text(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { clientDataJSON: text(credential.response.clientDataJSON), ...response },
  }
}

const options = () => JSON.parse(document.getElementById("passkey-options").textContent)

const doings = {
  add: (form) => create(options().creation_options, form.elements.passwordless.checked),
  show: () => get(options().request_options),
  "sign-in": async (form) => {
    const answer = await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } })
    return get((await answer.json()).request_options)
  },
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue
  form.hidden = false
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const trouble = form.querySelector(".trouble")
    trouble.textContent = ""
    try {
      form.elements.credential.value = JSON.stringify(await doings[form.dataset.passkey](form))
      form.submit()
    } catch (problem) {
      trouble.textContent =
        problem.name === "SecurityError"
          ? "A passkey needs a name such as localhost in the address, and no number."
          : "That did not work. Try again, or take another way."
    }
  })
}
