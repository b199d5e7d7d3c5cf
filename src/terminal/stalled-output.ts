// The one place that ends the process: output that nobody reads would keep it running for ever, after its work is done.

/** A reader that is only slow takes what is left of a pipe in far less time. */
const stalledMs = 1_000

/**
 * For a command that was told to stop and has finished: ends the process with its exit code if something, such as a pipe
 * that nobody reads, still keeps it running after a second. Does not keep it running itself.
 */
export function endIfStalled(): void {
  setTimeout(() => process.exit(), stalledMs).unref()
}
