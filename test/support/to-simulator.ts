// Preloaded into an example that runs as it stands: what it sends to Google goes to the simulator.
const simulator = process.env["SIMULATOR_URL"] ?? "";
const google = "https://generativelanguage.googleapis.com";
const send = globalThis.fetch;

globalThis.fetch = (input, init) => {
  if (input instanceof Request)
    return send(new Request(input.url.replace(google, simulator), input), init);
  return send(input.toString().replace(google, simulator), init);
};
