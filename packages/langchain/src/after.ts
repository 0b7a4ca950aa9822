/** Uses a value as soon as it is there: at once where it is, so that a call that waits for nothing takes no turn more. */
export function after<T, Made>(
  value: T | Promise<T>,
  use: (value: T) => Made | Promise<Made>,
): Made | Promise<Made> {
  return value instanceof Promise ? value.then(use) : use(value);
}
