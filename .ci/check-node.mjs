// Scripts run TypeScript as it stands, which Node.js does from 22.12 on. Where npm has no Node.js for this platform,
// the machine's own one serves.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `Holdfast's scripts need Node.js 22.12 or newer; this is ${process.version}. ` +
      "Install a newer one (https://nodejs.org), or run them where npm has it as an optional dependency (Linux, macOS).",
  );
  process.exit(1);
}
