import { NavLink, Text } from '@mantine/core'
import { IconActivity, IconMap2, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { queries } from '../queries.ts'
import classes from './Navigation.module.css'

const places = [
  { to: paths.instances, label: 'Instances', Icon: IconStack2 },
  { to: paths.operations, label: 'Operations', Icon: IconActivity },
  { to: paths.environment, label: 'Environment', Icon: IconMap2 },
] as const

export function Navigation() {
  const pathname = useRouterState({ select: (state) => state.location.pathname })
  const { data: environment } = useQuery(queries.environment())
  return (
    <div className={classes.nav}>
      <ul className={classes.places}>
        {places.map(({ to, label, Icon }) => {
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
