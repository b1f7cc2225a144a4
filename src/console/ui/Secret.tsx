import { CopyButton } from './CopyButton.tsx'
import classes from './Secret.module.css'

/** A text to be taken along, with a button that copies it. */
export function Secret({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <div className={classes.label}>{label}</div>
      <div className={classes.secret}>
        <code>{text}</code>
        <CopyButton text={text} label={`Copy the ${label.toLowerCase()}`} />
      </div>
    </div>
  )
}

/** Some lines to paste. */
export function Code({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <div className={classes.head}>
        <span className={classes.label}>{label}</span>
        <CopyButton text={text} label={`Copy: ${label}`} />
      </div>
      <pre className={classes.code}>{text}</pre>
    </div>
  )
}
