// The TCP kit's public face (`hullo/tcp`): a server in the steps of the sockets lab, and the client that talks to it.
// The kit stands alone: it imports node:net and nothing else, and knows no message format, no option and no program.
export { type Address, tuple } from './address.ts'
export { Client0 } from './client0.ts'
export { Connection, messageBytesMax, silenceMs } from './connection.ts'
export { TcpError, type TcpErrorCode } from './errors.ts'
export { blue, green, shown } from './screen.ts'
export { type ListenOptions, listen, queueMax, Server } from './server.ts'
export { connect, talk, type TalkOptions } from './talk.ts'
