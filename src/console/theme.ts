import { createTheme, Menu, Modal, Tooltip, type MantineColorsTuple } from '@mantine/core'

/** Water over slate: one deep teal for what can be done, tinted greys for everything else. */
const race: MantineColorsTuple = [
  '#e9f6f7',
  '#d3ebed',
  '#a6d7db',
  '#72c0c7',
  '#41a6b0',
  '#1f8b97',
  '#0f7380',
  '#0c616c',
  '#0a4f58',
  '#083c43',
]
const slate: MantineColorsTuple = [
  '#f5f8f8',
  '#ebf0f1',
  '#dde5e7',
  '#c9d4d7',
  '#aab8bc',
  '#7f9095',
  '#55686e',
  '#3f5157',
  '#26363b',
  '#13242a',
]
const dark: MantineColorsTuple = [
  '#dfe9eb',
  '#bccacd',
  '#98abb0',
  '#82959a',
  '#2c3d42',
  '#24343a',
  '#162226',
  '#0c1416',
  '#0a1012',
  '#070c0d',
]

const sansSerif =
  'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "Helvetica Neue", Arial, sans-serif'
const monospace =
  'ui-monospace, "SF Mono", "Cascadia Code", "JetBrains Mono", Menlo, Consolas, "Liberation Mono", monospace'

export const theme = createTheme({
  primaryColor: 'race',
  primaryShade: { light: 6, dark: 6 },
  colors: { race, gray: slate, dark },
  black: '#13242a',
  fontFamily: sansSerif,
  fontFamilyMonospace: monospace,
  fontSizes: { xs: '0.75rem', sm: '0.8438rem', md: '0.9063rem', lg: '1rem', xl: '1.125rem' },
  headings: { fontFamily: sansSerif, fontWeight: '650' },
  defaultRadius: 'md',
  radius: { xs: '3px', sm: '5px', md: '8px', lg: '12px', xl: '18px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: Tooltip.extend({
      defaultProps: { events: { hover: true, focus: true, touch: true }, multiline: true, maw: 320, withArrow: true },
    }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        closeButtonProps: { 'aria-label': 'Close' },
        // Mantine makes it a second page header, which screen readers would list beside the real one.
        attributes: { header: { role: 'none' } },
      },
    }),
    // The focus goes to the first item: Mantine's placeholder is no menu item. And a menu lies in the page's landmark.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false, portalProps: { target: '#main' } } }),
  },
})
