import { type Policy } from "@holdfast/core";

/** A policy that is always the one `get` answers, for who keeps it while it changes; so are those derived from it. */
export function facade<Extra extends object>(get: () => Policy, extra: Extra): Policy & Extra {
  const policy: Policy = {
    execute: (call, options) => get().execute(call, options),
    with({ onEvent, ...options }) {
      let base = get();
      let derived = base.with(options);
      // Listeners belong to what all versions share: once, not once per version.
      if (onEvent) derived.on(onEvent);
      return facade(() => {
        const now = get();
        if (now !== base) [base, derived] = [now, now.with(options)];
        return derived;
      }, {});
    },
    status: () => get().status(),
    close: (scope, ms) => get().close(scope, ms),
    open: (scope) => get().open(scope),
    flush: () => get().flush(),
    on: (listener) => get().on(listener),
    redact: (value) => get().redact(value),
    get settings() {
      return get().settings;
    },
    get clock() {
      return get().clock;
    },
  };
  return Object.assign(policy, extra);
}
