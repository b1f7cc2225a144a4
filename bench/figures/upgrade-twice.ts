import { changeTimed } from '../changes.ts'
import { seconds, type Figure } from '../figure.ts'
import { usualLoad, startLoadedInstance, verdictOf } from '../loaded-instance.ts'

/** The long way in one run: each version rolled out, watched and made final while clients go on. */
export const upgradeTwice: Figure = {
  name: 'upgrade-twice',
  what: `3.9 → 4.0 → 4.3, finalised twice, under ${usualLoad.perSecond} records/s`,
  mustReach: '0 failed, lost, doubled, reordered',
  limitSeconds: 600,

  async measure() {
    await using loaded = await startLoadedInstance({ version: '3.9.2' })
    const { millrace, instanceId, ledger } = loaded
    const times: string[] = []
    for (const version of ['4.0.2', '4.3.1']) {
      const change = { version, soakSeconds: 5 }
      const { ms, operation } = await changeTimed(millrace.api, instanceId, {
        change,
        onStep: (step) => ledger.mark(step),
      })
      if (!operation.steps.some(({ name }) => name === 'finalize')) throw new Error(`${version} was not made final`)
      const { version: now } = await millrace.api.send<{ version: string }>('GET', `/instances/${instanceId}`)
      if (now !== version) throw new Error(`the Instance is of ${now} instead of ${version}`)
      times.push(`to ${version} in ${seconds(ms)}`)
    }
    const { isClean, words, notes } = verdictOf(await loaded.ledger.end())
    return { value: `${words}; ${times.join(', ')}`, met: isClean, notes }
  },
}
