// Who: the token in the head of a request (RFC 6750). Whether it is valid is the core's to say.

/** The token of `Authorization: Bearer` (RFC 6750), be it valid or not; undefined for another scheme. */
export function bearerToken(authorization: string): string | undefined {
  const [, token] = /^Bearer +([\w.~+/=-]{1,200})$/i.exec(authorization) ?? []
  return token
}
