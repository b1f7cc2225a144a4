declare module 'snappyjs' {
  /** The block format, without framing. */
  export function compress(plain: Buffer): Buffer
  export function uncompress(compressed: Buffer): Buffer
}
