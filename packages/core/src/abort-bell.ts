// One listener per signal, however many wait for it: a platform's own list of listeners is searched from its beginning
// for every one that is added or removed, so a hundred thousand calls on one signal would take a hundred thousand squared.

/** Who waits for one signal. */
class Bell {
  readonly #signal: AbortSignal;
  readonly #heeding: Set<() => void> = new Set();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this, { once: true });
  }

  add(heed: () => void): void {
    this.#heeding.add(heed);
  }

  remove(heed: () => void): void {
    this.#heeding.delete(heed);
    if (this.#heeding.size) return;
    this.#signal.removeEventListener("abort", this);
    bells.delete(this.#signal);
  }

  handleEvent(): void {
    bells.delete(this.#signal);
    for (const heed of this.#heeding) heed();
  }
}

const bells = new WeakMap<AbortSignal, Bell>();

/**
 * Calls `heed` once, in turn with the others, when the signal aborts: like a listener, but any number on one signal cost
 * no more each than one does. A signal that is aborted already calls nothing. `heed` must not throw.
 */
export function onAbort(signal: AbortSignal, heed: () => void): void {
  let bell = bells.get(signal);
  if (!bell) bells.set(signal, (bell = new Bell(signal)));
  bell.add(heed);
}

/** Ends what `onAbort` began; nothing happens where it has ended by itself. */
export function offAbort(signal: AbortSignal, heed: () => void): void {
  bells.get(signal)?.remove(heed);
}
