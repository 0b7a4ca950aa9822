// Chance that depends on what it is about and not on who asked first: every policy meets the same luck.

function mixed(hash: number): number {
  let value = hash;
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** A number in [0, 1) that belongs to these numbers, such as seed, call and attempt. */
export function chance(...about: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of about) hash = mixed(Math.imul(hash, 31) ^ Math.trunc(part) ^ (hash >>> 7));
  return mixed(hash) / 4_294_967_296;
}

/** A number of a normal distribution (mean 0, deviation 1) that belongs to these numbers. */
function normal(...about: readonly number[]): number {
  const radius = Math.sqrt(-2 * Math.log(1 - chance(...about, 1)));
  return radius * Math.cos(2 * Math.PI * chance(...about, 2));
}

/** A number of a lognormal distribution that belongs to these numbers. */
export function lognormal(
  { median, sigma }: { median: number; sigma: number },
  ...about: readonly number[]
): number {
  return median * Math.exp(sigma * normal(...about));
}

/** A sequence of numbers in [0, 1) from a seed. */
export function sequence(...seed: readonly number[]): () => number {
  let drawn = 0;
  return () => {
    drawn += 1;
    return chance(...seed, drawn);
  };
}
