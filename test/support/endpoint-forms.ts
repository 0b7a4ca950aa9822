/** What stands after the host where relays give out an endpoint, the path of the relay, and the version that is meant. */
export const endpointForms = [
  ["", "", "v1beta"],
  ["/", "", "v1beta"],
  ["/v1beta", "", "v1beta"],
  ["/v1beta/", "", "v1beta"],
  ["/v1", "", "v1"],
  ["/v1/", "", "v1"],
  ["/v1alpha", "", "v1alpha"],
  ["/gemini", "/gemini", "v1beta"],
  ["/gemini/v1", "/gemini", "v1"],
] as const;
