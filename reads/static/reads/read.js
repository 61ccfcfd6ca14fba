// Tells that an article is looked at, then shows how often it was. Nothing is kept in the browser.
const url = document.querySelector("[data-read]")?.dataset.read;
const place = document.querySelector("[data-read-count]");
let message; // undefined until the page is looked at, null once the read is stored

// Again with the same nonce until it is answered.
async function tell(sent, wait = 5e3) {
    if (sent !== message) return;
    const answer = await fetch(url, { method: "POST", body: sent, keepalive: true }).catch(() => 0);
    if (!(answer.status < 500)) return setTimeout(tell, wait, sent, Math.min(2 * wait, 6e4));
    if (sent === message) message = null;
    const fresh = place && (await fetch(url));
    if (!fresh?.ok) return;
    place.textContent = (await fresh.json()).total.toLocaleString("en");
    document.querySelector("[data-as-of]")?.remove();
}

function look() {
    if (document.prerendering || document.visibilityState !== "visible") {
        if (message) navigator.sendBeacon(url, message);
    } else if (message === undefined) {
        const from = document.referrer && new URL(document.referrer).hostname;
        const parts = [...crypto.getRandomValues(new BigUint64Array(2))];
        const nonce = parts.map((n) => n.toString(16).padStart(16, "0")).join("");
        tell((message = JSON.stringify({ nonce, format: "html", from })));
    }
}

if (url) {
    look();
    for (const name of ["prerenderingchange", "visibilitychange"]) document.addEventListener(name, look);
    addEventListener("pageshow", (event) => {
        if (event.persisted) look((message = undefined)); // the way back is a click of its own
    });
}
