// Writes the JSON Schema that the package publishes; a test fails while it is not fresh.
import { writeFileSync } from "node:fs";

import { policyJsonSchema } from "./src/index.ts";

writeFileSync(
  new URL("holdfast.schema.json", import.meta.url),
  `${JSON.stringify(policyJsonSchema(), undefined, 2)}\n`,
);
