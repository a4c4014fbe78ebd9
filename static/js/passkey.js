// Passkeys: makes one, or asks one, and puts its answer into the form that is being sent. Without the script the codes serve.
(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

  const make = async (offer) => {
    const made = await navigator.credentials.create({ publicKey: {
      ...offer, challenge: bytes(offer.challenge), user: { ...offer.user, id: bytes(offer.user.id) },
      excludeCredentials: known(offer.excludeCredentials),
    } });
    return { id: made.id, rawId: text(made.rawId), type: made.type, response: {
      clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject),
    } };
  };

  const ask = async (question) => {
    const assertion = await navigator.credentials.get({ publicKey: {
      ...question, challenge: bytes(question.challenge), allowCredentials: known(question.allowCredentials),
    } });
    const { clientDataJSON, authenticatorData, signature } = assertion.response;
    return { id: assertion.id, rawId: text(assertion.rawId), type: assertion.type, response: {
      clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature),
    } };
  };

  const offered = async (form) => {
    const sent = new FormData(form);
    if (form.dataset.askPasskey) sent.append("ask", "1");
    const answer = await fetch(form.dataset.makePasskey ?? form.dataset.askPasskey, { method: "POST", body: sent });
    return answer.json();
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const wants = form.matches("[data-passkey], [data-make-passkey], [data-ask-passkey]") && !form.elements.passkey.value;
    if (!wants || form.elements.code?.value) return;
    event.preventDefault();
    try {
      const answer = form.dataset.passkey ? await ask(JSON.parse(form.dataset.passkey))
        : form.dataset.makePasskey ? await make(await offered(form)) : await ask(await offered(form));
      form.elements.passkey.value = JSON.stringify(answer);
      form.submit();
    } catch {
      form.querySelector("button:not([hidden])").focus(); // the browser's own dialog was closed: try again
    }
  });

  const start = () => {
    if (!window.PublicKeyCredential) return;
    for (const hidden of document.querySelectorAll("[data-passkey] button, [data-make-passkey]")) hidden.hidden = false;
  };
  document.addEventListener("shown", start);
  start();
})();
