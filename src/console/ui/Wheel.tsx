/** The mark of Millrace: a mill wheel over running water. Decorative; the word beside it is the name. */
export function Wheel({ size = 28 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      aria-hidden
    >
      <circle cx="16" cy="13.5" r="6" strokeWidth="2" />
      <path d="M16 4v19M6.5 13.5h19M9.3 6.8l13.4 13.4M22.7 6.8 9.3 20.2" strokeWidth="1.6" />
      <circle cx="16" cy="13.5" r="1.7" fill="currentColor" strokeWidth="0" />
      <path
        d="M3 27c2.2 0 2.2 1.7 4.3 1.7S9.5 27 11.7 27s2.2 1.7 4.3 1.7 2.2-1.7 4.3-1.7 2.2 1.7 4.4 1.7S26.8 27 29 27"
        strokeWidth="2"
      />
    </svg>
  )
}
