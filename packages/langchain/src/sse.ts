const eventEnd = /\r\n\r\n|\n\n|\r\r/;

/**
 * Passes the bytes of an event stream through and hands the data of each event to `onEvent`; what that throws
 * breaks the stream, and the event does not reach the reader.
 */
export function readEvents(
  onEvent: (data: string) => void,
): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  const read = (text: string, last: boolean): void => {
    // An event of many megabytes (an image) comes in many parts: it is joined once, not with each part.
    const seam = (parts.at(-1) ?? "").slice(-3);
    parts.push(text);
    if (!last && !eventEnd.test(seam + text)) return;
    const events = parts.join("").split(eventEnd);
    parts = last ? [] : [events.pop() ?? ""];
    for (const event of events) {
      const data = dataOf(event);
      if (data && data !== "[DONE]") onEvent(data);
    }
  };
  return new TransformStream({
    transform(bytes, controller) {
      read(decoder.decode(bytes, { stream: true }), false);
      controller.enqueue(bytes);
    },
    flush() {
      read(decoder.decode(), true);
    },
  });
}

function dataOf(event: string): string {
  return event
    .split(/\r\n|\n|\r/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(line[5] === " " ? 6 : 5))
    .join("\n");
}
