import { NavLink, Text } from '@mantine/core'
import { IconActivity, IconKey, IconListSearch, IconMap2, IconStack2, IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { useId } from 'react'
import { useWhyNot } from '../may.ts'
import { paths } from '../paths.ts'
import { queries } from '../queries.ts'
import classes from './Navigation.module.css'

const places = [
  { to: paths.instances, label: 'Instances', Icon: IconStack2 },
  { to: paths.operations, label: 'Operations', Icon: IconActivity },
  { to: paths.environment, label: 'Environment', Icon: IconMap2 },
] as const

/** For administrators; to others they are closed, and say so when they come by an address. */
const accessPlaces = [
  { to: paths.members, label: 'Members', Icon: IconUsers },
  { to: paths.serviceAccounts, label: 'Service accounts', Icon: IconKey },
  { to: paths.audit, label: 'Audit', Icon: IconListSearch },
] as const

export function Navigation() {
  const { data: environment } = useQuery(queries.environment())
  const mayNot = useWhyNot('member:manage')
  const id = useId()
  return (
    <div className={classes.nav}>
      <Places places={places} />
      {!mayNot && (
        <>
          <Text id={id} className={classes.heading!}>
            Access
          </Text>
          <Places places={accessPlaces} labelledBy={id} />
        </>
      )}
      {environment && (
        <div className={classes.foot}>
          <Text size="xs" fw={600}>
            {environment.environmentId}
          </Text>
          <Text size="xs" c="dimmed">
            {environment.provider} provider
            <br />
            Millrace {environment.millraceVersion}
          </Text>
        </div>
      )}
    </div>
  )
}

type PlacesProps = { places: typeof places | typeof accessPlaces; labelledBy?: string }

function Places({ places: shown, labelledBy }: PlacesProps) {
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  return (
    <ul className={classes.places} aria-labelledby={labelledBy}>
      {shown.map(({ to, label, Icon }) => {
        const isHere = pathname === to || pathname.startsWith(`${to}/`)
        return (
          <li key={to}>
            <NavLink
              renderRoot={(props) => <Link to={to} {...props} aria-current={isHere ? 'page' : undefined} />}
              className={classes.place}
              active={isHere}
              label={label}
              leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
            />
          </li>
        )
      })}
    </ul>
  )
}
