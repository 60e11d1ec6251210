// A WebSocket that comes back by itself.

const firstDelay = 500, mostDelay = 30_000; // between two attempts
const patience = 20_000; // for an answer: then the connection is dead, whatever the browser believes

export class Connection {
  #socket; #timer; #doubt;
  #attempts = 0;
  #leaving = false;

  // url() is asked for each attempt. onEvent gets each event, onState "open", "lost" or "left".
  constructor({ url, onEvent, onState }) {
    Object.assign(this, { url, onEvent, onState });
    addEventListener("online", () => this.retry());
    addEventListener("offline", () => this.#lost(this.#socket));
    document.addEventListener("visibilitychange", () => document.hidden || this.retry());
    addEventListener("pagehide", () => this.#socket?.close());
    addEventListener("pageshow", (event) => { if (event.persisted) this.retry(); });
    this.#connect();
  }

  get open() { return this.#socket?.readyState === WebSocket.OPEN; }

  // send sends a message. It returns false if there is no connection.
  send(text) {
    if (!this.open) return false;
    this.#socket.send(text);
    return true;
  }

  // ask is send for what is always answered: so the connection is known to be alive, or dead.
  ask(text) {
    if (!this.send(text)) return;
    const socket = this.#socket;
    this.#doubt ??= setTimeout(() => this.#lost(socket), patience);
  }

  // leave says that the next end is wanted.
  leave() { this.#leaving = true; }

  // retry connects now, if there is no connection.
  retry(evenIfLeft) {
    if (this.#socket || (this.#leaving && !evenIfLeft)) return;
    this.#leaving = false;
    this.#connect();
  }

  #connect() {
    clearTimeout(this.#timer);
    const socket = this.#socket = new WebSocket(this.url());
    socket.onopen = () => { this.#attempts = 0; this.onState("open"); };
    socket.onmessage = (message) => {
      clearTimeout(this.#doubt);
      this.#doubt = undefined;
      this.onEvent(JSON.parse(message.data));
    };
    socket.onclose = () => this.#lost(socket);
  }

  #lost(socket) {
    if (!socket || socket !== this.#socket) return; // an older one
    this.#socket = undefined;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    clearTimeout(this.#doubt);
    this.#doubt = undefined;
    if (this.#leaving) {
      this.onState("left");
      return;
    }
    // Not all pages at the same moment: the server has just been started.
    const delay = Math.min(mostDelay, firstDelay * 2 ** this.#attempts++) * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#connect(), delay);
    this.onState("lost");
  }
}
