import { useMantineColorScheme } from '@mantine/core'
import {
  IconActivity,
  IconDatabase,
  IconKey,
  IconListSearch,
  IconLogout,
  IconMap2,
  IconMoon,
  IconPlus,
  IconStack2,
  IconSun,
  IconUsers,
} from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Instance } from '../api-types.ts'
import { useWhyNot } from '../may.ts'
import { paths } from '../paths.ts'
import { useSignOut } from '../session.ts'
import { instanceStateWords } from '../words.ts'

export type Command = { id: string; label: string; note: string; icon: ReactNode; run: () => void }

/** What the palette offers for what was typed: Instances first, then pages and actions. */
export function useCommands(typed: string, instances: Instance[]): Command[] {
  const navigate = useNavigate()
  const { setColorScheme } = useMantineColorScheme()
  const signOut = useSignOut()
  const mayNot = useWhyNot('member:manage')
  const to = (path: string) => () => void navigate({ to: path })

  const fixed: Command[] = [
    {
      id: 'new',
      label: 'Create an Instance',
      note: 'Action',
      icon: <IconPlus size={17} />,
      run: to(paths.newInstance),
    },
    { id: 'instances', label: 'Instances', note: 'Page', icon: <IconStack2 size={17} />, run: to(paths.instances) },
    {
      id: 'operations',
      label: 'Operations',
      note: 'Page',
      icon: <IconActivity size={17} />,
      run: to(paths.operations),
    },
    { id: 'environment', label: 'Environment', note: 'Page', icon: <IconMap2 size={17} />, run: to(paths.environment) },
    ...(mayNot ? [] : accessPages(to)),
    {
      id: 'light',
      label: 'Light colours',
      note: 'Action',
      icon: <IconSun size={17} />,
      run: () => setColorScheme('light'),
    },
    {
      id: 'dark',
      label: 'Dark colours',
      note: 'Action',
      icon: <IconMoon size={17} />,
      run: () => setColorScheme('dark'),
    },
    { id: 'sign-out', label: 'Sign out', note: 'Action', icon: <IconLogout size={17} />, run: signOut },
  ]
  const words = typed.toLowerCase()
  // What was read may still be the answer to fewer letters: Enter must never open what no longer matches.
  const matching = instances.filter(({ name, instanceId }) => `${name} ${instanceId}`.toLowerCase().includes(words))
  const found: Command[] = matching.map((instance) => ({
    id: instance.instanceId,
    label: instance.name,
    note: instanceStateWords[instance.state].label,
    icon: <IconDatabase size={17} />,
    run: () => void navigate({ to: paths.instance, params: { instanceId: instance.instanceId } }),
  }))
  return [...found, ...fixed.filter(({ label }) => label.toLowerCase().includes(words))]
}

const accessPages = (to: (path: string) => () => void): Command[] => [
  { id: 'members', label: 'Members', note: 'Page', icon: <IconUsers size={17} />, run: to(paths.members) },
  {
    id: 'service-accounts',
    label: 'Service accounts',
    note: 'Page',
    icon: <IconKey size={17} />,
    run: to(paths.serviceAccounts),
  },
  { id: 'audit', label: 'Audit', note: 'Page', icon: <IconListSearch size={17} />, run: to(paths.audit) },
]
