import { type JsonObject } from "../json.ts";

/** A PNG of one transparent pixel, in base64. */
export const pixelPng: string =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

const sampleRate = 24_000;
const silence = Buffer.alloc((sampleRate / 10) * 2);

/** The part of an answer that is an image. */
export function imagePart(): JsonObject {
  return { inlineData: { mimeType: "image/png", data: pixelPng } };
}

/** The part of an answer that is a tenth of a second of silence: a WAV file, or bare samples from models before 3.8. */
export function speechPart(model: string): JsonObject {
  const isBare = /^gemini-(2|3\.[0-7])/.test(model);
  const mimeType = isBare ? `audio/L16;codec=pcm;rate=${sampleRate}` : "audio/wav";
  const data = isBare ? silence : Buffer.concat([wavHeader(silence.length), silence]);
  return { inlineData: { mimeType, data: data.toString("base64") } };
}

function wavHeader(length: number): Buffer {
  const header = Buffer.alloc(44);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(length, 40);
  return header;
}
