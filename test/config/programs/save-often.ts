// Saves a board again and again, each time with one more request of the day: ROUNDS times, or until it is killed.
import { fileStore } from "@holdfast/config";

const [, , path = "", name = "", rounds] = process.argv;
const most = rounds === undefined ? Infinity : Number(rounds);
const store = fileStore(path);
const kept = await store.load().catch(() => undefined);
// A process counts on from what it finds.
const found = kept?.domains.find(({ key }) => key === "quota:shared m")?.count ?? 0;
for (let count = 1; count <= most; count += 1) {
  const domain = { limits: { rpm: 5 }, day: "2026-11-23" };
  await store.save({
    version: 1,
    closures: [],
    domains: [
      { ...domain, key: "quota:shared m", count: found + count },
      { ...domain, key: `quota:${name} m`, count },
    ],
  });
  if (count === 1) console.log("saved");
}
