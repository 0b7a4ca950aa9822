import { type GoogleError, invalidArgument } from "../google-error.ts";
import { type JsonObject, toObject, toObjects } from "../json.ts";
import { dimensionsOf, mostDimensions } from "../operations/embed-content.ts";

/** Checks that every request for an embedding has a content and asks for a size that there is. */
export function checkEmbedding(body: JsonObject, isBatch: boolean): GoogleError | undefined {
  if (!isBatch) return checkOne(body, "EmbedContentRequest");
  const requests = toObjects(body["requests"]);
  if (requests.length === 0)
    return invalidArgument(
      "* BatchEmbedContentsRequest.requests: at least one request is required\n",
    );
  for (const [index, request] of requests.entries()) {
    const error = checkOne(request, `BatchEmbedContentsRequest.requests[${index}]`);
    if (error !== undefined) return error;
  }
  return undefined;
}

function checkOne(request: JsonObject, path: string): GoogleError | undefined {
  if (toObjects(toObject(request["content"])["parts"]).length === 0) {
    return invalidArgument(`* ${path}.content: contents is not specified\n`);
  }
  const dimensions = dimensionsOf(request);
  if (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= mostDimensions)
    return undefined;
  return invalidArgument(
    `* ${path}.output_dimensionality: output_dimensionality must be in the range [1, ${mostDimensions}].\n`,
  );
}
