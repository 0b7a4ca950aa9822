// Preloaded by tests that run an example as it stands: what it sends to Google goes to the simulator.
const simulator = process.env["SIMULATOR_URL"] ?? "";
const google = "https://generativelanguage.googleapis.com";
const send = globalThis.fetch;

globalThis.fetch = (input, init) => {
  const request = new Request(input, init);
  return send(new Request(request.url.replace(google, simulator), request));
};
