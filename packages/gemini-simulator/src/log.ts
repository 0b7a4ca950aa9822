/** What arrived and what was done about it. Keys appear nowhere: an account stands for its key. */
export interface LogEntry {
  /** Counts from 1. */
  number: number;
  /** Milliseconds since 1970. */
  time: number;
  /** Milliseconds since the scenario began. */
  elapsed: number;
  method: string;
  /** Without the query. */
  path: string;
  /** Such as `http://127.0.0.1:8787`. */
  origin: string;
  endpoint: string;
  operation: string;
  model: string;
  /** `undefined` when no key arrived. */
  account: string | undefined;
  project: string | undefined;
  stream: boolean;
  /** HTTP status, or `undefined` when the connection ended without one. */
  status: number | undefined;
  /** The fault that was given, or the refusal's reason; `undefined` for a good answer. */
  fault: string | undefined;
  /** What was sent to Gemini, as text. */
  body: string;
}

/** Which entries are meant; all that is given has to be equal. */
export type LogQuery = Partial<Omit<LogEntry, "time" | "elapsed" | "number">>;

/** The requests that arrived, oldest first. */
export interface RequestLog {
  /** All entries, or those a query means. */
  all(query?: LogQuery): LogEntry[];
  /** How many there are. */
  count(query?: LogQuery): number;
  /** The newest one. */
  last(query?: LogQuery): LogEntry | undefined;
  clear(): void;
}

/** A log that forgets its oldest entries beyond `limit`. */
export function createLog(limit: number): RequestLog & { add(entry: LogEntry): void } {
  let entries: LogEntry[] = [];
  const all = (query: LogQuery = {}): LogEntry[] => {
    const wanted = Object.entries(query);
    return entries.filter((entry) =>
      wanted.every(([name, value]) => entry[name as keyof LogEntry] === value),
    );
  };
  return {
    all,
    count: (query) => all(query).length,
    last: (query) => all(query).at(-1),
    clear() {
      entries = [];
    },
    add(entry) {
      entries.push(entry);
      if (entries.length > 2 * limit) entries = entries.slice(entries.length - limit);
    },
  };
}
