/**
 * By what a node knows a password that comes by SASL PLAIN: what SCRAM-SHA-512 keeps of it (RFC 5802), from which no password
 * and no sign-in can be made. Salt and key in base64.
 */
export type PlainVerifier = { name: string; iterations: number; salt: string; storedKey: string }
