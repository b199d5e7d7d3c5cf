// The messaging lab's answers, each the whole body of a reply: a JSON number.

export const SUCCESS = 1
export const USER_EXISTS = 10
export const USER_DOES_NOT_EXIST = 11
export const AUTHENTICATION_FAILED = 12
