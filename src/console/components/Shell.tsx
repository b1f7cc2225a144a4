import { AppShell, Burger, Group } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { paths } from '../paths.ts'
import { Wheel } from '../ui/Wheel.tsx'
import { Breadcrumbs } from './Breadcrumbs.tsx'
import { CommandPalette } from './CommandPalette.tsx'
import { ConnectionBanner } from './ConnectionBanner.tsx'
import { MemberMenu } from './MemberMenu.tsx'
import { Navigation } from './Navigation.tsx'
import classes from './Shell.module.css'
import { ThemeSwitch } from './ThemeSwitch.tsx'
import { useLive } from './use-live.ts'

/** The frame of every page behind the sign-in. */
export function Shell() {
  const [isMenuOpen, menu] = useDisclosure()
  const main = useRef<HTMLElement>(null)
  const status = useLive()
  useFocusOnArrival(main, menu.close)
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 224, breakpoint: 'sm', collapsed: { mobile: !isMenuOpen } }}
      padding={0}
      classNames={{ header: classes.header!, navbar: classes.navbar!, main: classes.main! }}
    >
      <a href="#main" className={classes.skip}>
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" gap="sm" wrap="nowrap" justify="space-between">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Burger
              opened={isMenuOpen}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={isMenuOpen ? 'Close the menu' : 'Open the menu'}
            />
            <Link to={paths.instances} className={classes.brand} aria-label="Millrace: to the Instances">
              <Wheel size={30} />
              <span className={classes.name}>Millrace</span>
            </Link>
            <Breadcrumbs />
          </Group>
          <Group gap={6} wrap="nowrap">
            <CommandPalette />
            <ThemeSwitch />
            <MemberMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar>
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="main" ref={main} tabIndex={-1}>
        <ConnectionBanner status={status} />
        <div className={classes.page}>
          <Outlet />
        </div>
      </AppShell.Main>
    </AppShell>
  )
}

/** On arriving at another page the focus goes to its content, so that the keyboard and a screen reader follow. */
function useFocusOnArrival(main: React.RefObject<HTMLElement | null>, onArrival: () => void) {
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const last = useRef(pathname)
  useEffect(() => {
    if (last.current === pathname) return
    const isFirst = last.current === undefined
    last.current = pathname
    onArrival()
    if (!isFirst && !main.current?.contains(document.activeElement)) main.current?.focus()
  }, [pathname, main, onArrival])
}
