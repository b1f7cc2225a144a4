import { Text } from '@mantine/core'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'
import classes from './deed.module.css'

type DeedProps = {
  words: string
  label: string
  why?: string | undefined
  isPending?: boolean
  onClick: () => void
}

/** Something to do, with what comes of it; where it cannot be done, why. */
export function Deed({ words, label, why, isPending, onClick }: DeedProps) {
  return (
    <li className={classes.deed}>
      <Text size="sm">{why ?? words}</Text>
      <ReasonedButton
        size="xs"
        variant="default"
        allowed={!why}
        why={why}
        loading={isPending ?? false}
        onClick={onClick}
      >
        {label}
      </ReasonedButton>
    </li>
  )
}
