import { useState, type FunctionComponent } from 'react'
import type { Instance } from '../api-types.ts'
import { AuthorityExchange } from '../forms/authority-exchange.tsx'
import { InstanceSecurity } from '../forms/instance-security.tsx'
import { useWhyNotInstance } from '../may.ts'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'

type ButtonProps = { instance: Instance; size?: 'xs' | 'sm' }

/** Opens the dialog that changes who may come in; where it may not be changed now, says why. */
export const SecurityButton = (props: ButtonProps) => (
  <ChangeButton {...props} label="Change security" Dialog={InstanceSecurity} />
)

/** The same for the authority behind Millrace's own certificates. */
export const AuthorityButton = (props: ButtonProps) => (
  <ChangeButton {...props} label="Exchange the authority" Dialog={AuthorityExchange} />
)

type ChangeButtonProps = ButtonProps & {
  label: string
  Dialog: FunctionComponent<{ instance: Instance; onClose: () => void }>
}

function ChangeButton({ instance, size = 'xs', label, Dialog }: ChangeButtonProps) {
  const [isOpen, setOpen] = useState(false)
  const why = useWhyNotInstance(instance)('change')
  return (
    <>
      <ReasonedButton size={size} variant="default" allowed={!why} why={why} onClick={() => setOpen(true)}>
        {label}
      </ReasonedButton>
      {isOpen && <Dialog instance={instance} onClose={() => setOpen(false)} />}
    </>
  )
}
