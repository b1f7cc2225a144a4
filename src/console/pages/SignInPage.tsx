import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { PasswordChange } from '../forms/password-change.tsx'
import { paths } from '../paths.ts'
import { toProblem, type Problem } from '../problem.ts'
import { queries } from '../queries.ts'
import { Notice } from '../ui/Notice.tsx'
import { Wheel } from '../ui/Wheel.tsx'
import classes from './SignInPage.module.css'

/** The way in. A first password, which came from a log, is changed before anything else. */
export function SignInPage() {
  const [password, setPassword] = useState<string>()
  const { data: session } = useQuery(queries.session())
  const navigate = useNavigate()
  const { next } = useSearch({ from: paths.signIn })
  const goOn = () => void navigate({ href: next ?? paths.instances })
  const mustChange = session?.member.mustChangePassword ?? false
  return (
    <main className={classes.page}>
      <title>{`${mustChange ? 'Choose a password' : 'Sign in'} · Millrace`}</title>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Wheel size={40} />
          <span>Millrace</span>
        </div>
        <h1 className={classes.title}>{mustChange ? 'Choose a password of your own' : 'Sign in'}</h1>
        <Text c="dimmed" size="sm" mb="lg">
          {mustChange
            ? 'The first password was printed where others may have read it.'
            : 'The control plane of your Kafka Instances.'}
        </Text>
        {mustChange ? (
          <PasswordChange currentPassword={password} onDone={goOn} />
        ) : (
          <SignInForm
            onSignedIn={(typed, isFinal) => {
              setPassword(typed)
              if (isFinal) goOn()
            }}
          />
        )}
      </div>
      <Water />
    </main>
  )
}

type SignInFormProps = { onSignedIn: (password: string, isFinal: boolean) => void }

function SignInForm({ onSignedIn }: SignInFormProps) {
  const queryClient = useQueryClient()
  const form = useForm({
    initialValues: { user: '', password: '' },
    validate: {
      user: (user) => (user === '' ? 'Type your user name.' : null),
      password: (password) => (password === '' ? 'Type your password.' : null),
    },
  })
  const signIn = useMutation({
    mutationFn: ({ user, password }: { user: string; password: string }) => api.signIn(user, password),
    onSuccess: (session, { password }) => {
      queryClient.setQueryData(['session'], session)
      onSignedIn(password, !session.member.mustChangePassword)
    },
  })
  return (
    <form onSubmit={form.onSubmit((values) => signIn.mutate(values))} noValidate>
      <Stack>
        {signIn.error && <SignInNotice problem={toProblem(signIn.error)} />}
        <TextInput label="User" autoComplete="username" autoFocus {...form.getInputProps('user')} />
        <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
        <Button type="submit" fullWidth size="md" loading={signIn.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}

function SignInNotice({ problem }: { problem: Problem }) {
  return (
    <Notice tone="bad">
      <Text size="sm">{problem.message}</Text>
      {problem.detail && <Text size="sm">{problem.detail}</Text>}
    </Notice>
  )
}

/** Still water at the foot of the page. */
function Water() {
  return (
    <svg className={classes.water} viewBox="0 0 1200 160" preserveAspectRatio="none" aria-hidden>
      <path d="M0 60c100-30 200-30 300 0s200 30 300 0 200-30 300 0 200 30 300 0v100H0z" opacity=".35" />
      <path d="M0 92c120-26 180-26 300 0s180 26 300 0 180-26 300 0 180 26 300 0v68H0z" opacity=".5" />
      <path d="M0 122c90-18 210-18 300 0s210 18 300 0 210-18 300 0 210 18 300 0v38H0z" opacity=".8" />
    </svg>
  )
}
