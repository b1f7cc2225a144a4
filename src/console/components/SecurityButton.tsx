import { useState } from 'react'
import type { Instance } from '../api-types.ts'
import { InstanceSecurity } from '../forms/instance-security.tsx'
import { useWhyNotInstance } from '../may.ts'
import { ReasonedButton } from '../ui/ReasonedButton.tsx'

/** Opens the dialog that changes who may come in; where it may not be changed now, says why. */
export function SecurityButton({ instance, size = 'xs' }: { instance: Instance; size?: 'xs' | 'sm' }) {
  const [isOpen, setOpen] = useState(false)
  const why = useWhyNotInstance(instance)('change')
  return (
    <>
      <ReasonedButton size={size} variant="default" allowed={!why} why={why} onClick={() => setOpen(true)}>
        Change security
      </ReasonedButton>
      {isOpen && <InstanceSecurity instance={instance} onClose={() => setOpen(false)} />}
    </>
  )
}
