import type { InstanceDraft } from './instance-draft.ts'

/** A draft that could not be sent outlives a reload or a new sign-in in this tab, and no longer; but not the private key in it. */
const key = 'millrace-instance-draft'

export const keepDraft = (draft: InstanceDraft): void =>
  sessionStorage.setItem(key, JSON.stringify({ ...draft, security: { ...draft.security, privateKey: '' } }))

export function takeDraft(): InstanceDraft | undefined {
  const kept = sessionStorage.getItem(key)
  sessionStorage.removeItem(key)
  return kept === null ? undefined : (JSON.parse(kept) as InstanceDraft)
}
