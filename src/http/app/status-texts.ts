// The reason phrases of HTTP's statuses. Not by `import ... from 'node:http'`: a module's import of it reads every one of
// its exports, and one of them loads all of fetch (20 ms of a start, and 5 MiB).
export const statusTexts: Readonly<Record<string, string | undefined>> =
  process.getBuiltinModule('node:http').STATUS_CODES
