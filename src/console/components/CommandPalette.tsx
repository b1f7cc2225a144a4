import { Kbd, Modal, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue, useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState, type KeyboardEvent } from 'react'
import { plural } from '../format.ts'
import { queries } from '../queries.ts'
import classes from './CommandPalette.module.css'
import { useCommands, type Command } from './use-commands.tsx'

/** Any Instance, page or action from the keyboard: Ctrl+K, or Cmd+K on a Mac. */
export function CommandPalette() {
  const [isOpen, palette] = useDisclosure()
  useHotkeys([['mod+K', palette.toggle]], [])
  return (
    <>
      <UnstyledButton className={classes.opener} onClick={palette.open}>
        <IconSearch size={16} stroke={1.8} aria-hidden />
        <span className={classes.hint}>Search</span>
        <Kbd size="xs" className={classes.key!} aria-hidden>
          {/Mac|iPhone/.test(navigator.userAgent) ? '⌘ K' : 'Ctrl K'}
        </Kbd>
      </UnstyledButton>
      {isOpen && <Palette onClose={palette.close} />}
    </>
  )
}

function Palette({ onClose }: { onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [keyword] = useDebouncedValue(typed.trim(), 150)
  const [chosen, setChosen] = useState(0)
  const found = useQuery(queries.instances({ ...(keyword && { keyword }), size: 8 }))
  const commands = useCommands(typed.trim(), found.data?.list ?? [])
  const run = (command: Command | undefined) => {
    onClose()
    command?.run()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setChosen((chosen + step + commands.length) % Math.max(1, commands.length))
    }
    if (event.key === 'Enter') run(commands[chosen])
  }
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      yOffset="12vh"
      centered={false}
      padding={0}
      size={560}
      attributes={{ content: { 'aria-label': 'Search or run a command' } }}
    >
      <TextInput
        data-autofocus
        variant="unstyled"
        size="md"
        className={classes.input}
        leftSection={<IconSearch size={18} aria-hidden />}
        placeholder="Find an Instance, a page or an action"
        role="combobox"
        aria-label="Find an Instance, a page or an action"
        aria-expanded
        aria-controls="commands"
        aria-activedescendant={commands[chosen] ? `command-${chosen}` : undefined}
        aria-autocomplete="list"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id="commands" role="listbox" aria-label="Found" className={classes.list}>
        {commands.map((command, index) => (
          <UnstyledButton
            key={command.id}
            id={`command-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={classes.command}
            onMouseMove={() => setChosen(index)}
            onClick={() => run(command)}
          >
            {command.icon}
            <span className={classes.label}>{command.label}</span>
            <span className={classes.note}>{command.note}</span>
          </UnstyledButton>
        ))}
      </div>
      <div className={classes.foot} role="status">
        {commands.length === 0 ? `Nothing is called “${typed}”.` : plural(commands.length, 'match', 'matches')}
      </div>
    </Modal>
  )
}
