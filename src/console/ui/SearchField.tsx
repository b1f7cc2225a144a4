import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'

type SearchFieldProps = {
  label: string
  /** As the address has it. */
  keyword: string
  onFind: (keyword: string) => void
  className?: string | undefined
}

/** Finds as one types, a moment after the last key. */
export function SearchField({ label, keyword, onFind, className }: SearchFieldProps) {
  const input = useRef<HTMLInputElement>(null)
  const sent = useRef(keyword)
  const find = useDebouncedCallback((typed: string) => {
    sent.current = typed
    onFind(typed)
  }, 250)
  // Only what came from elsewhere, such as the Back button, replaces what is in the box: never a slow echo of typing.
  useEffect(() => {
    if (keyword === sent.current || !input.current) return
    sent.current = keyword
    input.current.value = keyword
  }, [keyword])
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      {...(className && { className })}
      ref={input}
      defaultValue={keyword}
      onChange={(event) => find(event.currentTarget.value.trim())}
    />
  )
}
