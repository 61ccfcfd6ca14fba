// Tells that an article is looked at, then shows how often it was. Nothing is kept in the browser.
const url = document.querySelector("[data-read]")?.dataset.read;
const place = document.querySelector("[data-read-count]");
let message; // undefined until the page is looked at, null once the read is stored

async function tell(sent, wait = 5e3) {
    if (sent !== message) return;
    const answer = await fetch(url, { method: "POST", body: sent, keepalive: true }).catch(() => 0);
    if (!(answer.status < 500)) return setTimeout(tell, wait, sent, Math.min(2 * wait, 6e4));
    if (sent === message) message = null;
    const fresh = place && (await fetch(url).catch(() => 0));
    if (!fresh?.ok) return;
    place.textContent = (await fresh.json()).total.toLocaleString("en");
    document.querySelector("[data-as-of]")?.remove();
}

function look() {
    if (document.prerendering || document.hidden) {
        if (message) navigator.sendBeacon(url, message);
    } else if (message === undefined) {
        const from = document.referrer && new URL(document.referrer).hostname;
        const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
        const nonce = bytes.map((n) => (n + 256).toString(16).slice(1)).join("");
        tell((message = JSON.stringify({ nonce, format: "html", from })));
    }
}

if (url) {
    look();
    document.onvisibilitychange = document.onprerenderingchange = look;
    onpageshow = (event) => event.persisted && look((message = undefined)); // the way back is a click of its own
}
