/** The scheduled backups of a Kanidm server, as its log reports them. */
export interface BackupLog {
  /** When the newest backup was made. */
  readonly newest?: Date;
  /** The time at which the server will make the next backup. */
  readonly next?: Date;
  /** Scheduled times that the server skipped because it reloaded its settings. */
  readonly skipped: readonly Date[];
  /** Why the last attempt failed; `undefined` if it succeeded. */
  readonly failure?: string;
}

/**
 * The messages of Kanidm 1.11.1.
 * @see https://github.com/kanidm/kanidm/blob/v1.11.1/server/core/src/interval.rs
 */
const messages = {
  next: /Online backup next run on (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/,
  created: /Online backup created \S*backup-(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\S* successfully/,
  failed: /Online backup (failed to create .*|schedule (?:parse )?error: .*|output .* is not a directory.*)$/,
} as const;

/** Reads the log of a Kanidm server; `undefined` if it does not mention backups. */
export function backupLog(log: string): BackupLog | undefined {
  let state: BackupLog | undefined;
  let isDone = false;
  for (const line of log.split('\n')) {
    const before: BackupLog = state ?? { skipped: [] };
    const next = messages.next.exec(line);
    const created = messages.created.exec(line)?.[1];
    const failure = messages.failed.exec(line)?.[1];
    if (next) {
      const skipped = before.next && !isDone ? [...before.skipped, before.next] : before.skipped;
      state = { ...before, skipped, next: new Date(`${next[1]}T${next[2]}Z`) };
      isDone = false;
    } else if (created !== undefined) {
      const { failure: _, ...rest } = before;
      state = { ...rest, newest: new Date(`${created}Z`), skipped: [] };
      isDone = true;
    } else if (failure !== undefined) {
      state = { ...before, failure };
      isDone = true;
    }
  }
  return state;
}
